import type { Console } from '../console.ts';
import type { Instance } from '../instance.ts';
import { scaleService } from '../scaling.ts';

/** `npm run scale -- product-service max`: takes effect at nginx as soon as a worker listens on its slot. */
export async function scale(instance: Instance, console: Console, [name, asked]: readonly string[]): Promise<number> {
  if (name === undefined || asked === undefined) {
    console.print('npm run scale -- product-service max|N|+N|-N');
    return 2;
  }
  const { before, now } = await scaleService(instance, name, asked);
  console.print(before === now ? `${name} has ${now} workers already.` : `${name}: ${before} → ${now} workers, all of them ready.`);
  return 0;
}
