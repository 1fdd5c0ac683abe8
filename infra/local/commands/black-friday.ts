import type { Console } from '../console.ts';
import { UsageError } from '../errors.ts';
import type { Instance } from '../instance.ts';
import { Pm2 } from '../pm2.ts';
import { reloadServices } from '../reload.ts';
import { environmentOf } from '../run-file.ts';
import { requireRoomFor, runningWorkers, scaleService } from '../scaling.ts';
import { readWishes, writeWishes } from '../wishes.ts';
import { workerCounts } from '../worker-counts.ts';

/**
 * `npm run black-friday -- on|off`: more workers before the rush, answers kept for 30 minutes (invalidated as ever); and
 * back to the usual. No request fails by it.
 */
export async function blackFriday(instance: Instance, console: Console, [what]: readonly string[]): Promise<number> {
  if (what !== 'on' && what !== 'off') throw new UsageError('npm run black-friday -- on|off');
  const peak = what === 'on';
  const counts = workerCounts(environmentOf(instance), { peak });
  // Refused before anything is written down: a shop whose wishes cannot be had would not start again.
  await requireRoomFor(instance, counts);
  const running = await runningWorkers(new Pm2(instance));
  const growth = ([name, count]: readonly [string, number]): number => count - (running[name] ?? 0);
  writeWishes(instance, { ...readWishes(instance), peak, workers: {} });
  // Workers, then the reload; who gets fewer goes first, so that there are never more than there is room for.
  for (const [name, count] of Object.entries(counts).sort((one, other) => growth(one) - growth(other))) {
    const { before, now } = await scaleService(instance, name, String(count));
    console.done(name, before === now ? `${now} workers` : `${before} → ${now} workers`);
  }
  writeWishes(instance, { peak, workers: {} });
  await reloadServices(instance, ['product-service']);
  console.done('answers', peak ? 'are kept for 30 minutes' : 'are kept as long as usual');
  return 0;
}
