import type { Console } from '../console.ts';
import { UsageError } from '../errors.ts';
import type { Instance } from '../instance.ts';
import { scaleService } from '../scaling.ts';
import { clusterNames } from '../worker-counts.ts';

/** `npm run scale -- product-service max`: takes effect at nginx as soon as a worker listens on its slot. */
export async function scale(instance: Instance, console: Console, [name, asked]: readonly string[]): Promise<number> {
  const usage = `npm run scale -- SERVICE max|N|+N|-N   for ${clusterNames.join(', ')}`;
  if (name === '--help' || name === '-h') {
    console.print(usage);
    return 0;
  }
  if (name === undefined || asked === undefined) throw new UsageError(usage);
  const { before, now } = await scaleService(instance, name, asked);
  console.print(before === now ? `${name} has ${now} workers already.` : `${name}: ${before} → ${now} workers, all of them ready.`);
  return 0;
}
