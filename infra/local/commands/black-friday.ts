import type { Console } from '../console.ts';
import { UsageError } from '../errors.ts';
import type { Instance } from '../instance.ts';
import { reloadServices } from '../reload.ts';
import { environmentOf } from '../run-file.ts';
import { scaleService } from '../scaling.ts';
import { readWishes, writeWishes } from '../wishes.ts';
import { workerCounts } from '../worker-counts.ts';

/**
 * `npm run black-friday -- on|off`: more workers before the rush, answers kept for 30 minutes (invalidated as ever); and
 * back to the usual. No request fails by it.
 */
export async function blackFriday(instance: Instance, console: Console, [what]: readonly string[]): Promise<number> {
  if (what !== 'on' && what !== 'off') throw new UsageError('npm run black-friday -- on|off');
  const peak = what === 'on';
  writeWishes(instance, { ...readWishes(instance), peak, workers: {} });
  // First the workers, then the reload: at no moment are there fewer than before.
  for (const [name, count] of Object.entries(workerCounts(environmentOf(instance), { peak }))) {
    const { before, now } = await scaleService(instance, name, String(count));
    console.done(name, before === now ? `${now} workers` : `${before} → ${now} workers`);
  }
  writeWishes(instance, { peak, workers: {} });
  await reloadServices(instance, ['product-service']);
  console.done('answers', peak ? 'are kept for 30 minutes' : 'are kept as long as usual');
  return 0;
}
