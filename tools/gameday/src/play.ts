import type { Instance } from '@shopfleet/local';
import { readRunFile } from '@shopfleet/local';
import { crash, stop } from './days/deaths.ts';
import { doubled, poison } from './days/events.ts';
import { limits } from './days/limits.ts';
import { blackFriday, reload } from './days/operations.ts';
import { lostAnswer, mail, provider, silent } from './days/outside.ts';
import { price } from './days/price.ts';
import { coldKey, oneKey, scarce } from './days/rushes.ts';
import { alarm, broker, mongo, nginx, redis } from './days/servers.ts';
import { slow } from './days/slow.ts';
import { soak } from './days/soak.ts';
import { worker } from './days/worker.ts';
import type { GameDay } from './game-day.ts';
import { Stage, type Verdict } from './stage.ts';

/** Game days of a few minutes: of workers, servers, what is outside, events, rushes. */
export const gameDays: readonly GameDay[] = [
  worker, crash, stop, reload, redis, mongo, broker, alarm, nginx, slow, provider, silent, lostAnswer, mail, poison, doubled, scarce, oneKey, limits,
  coldKey, price, blackFriday,
];

/** Those that take as long as they are told to. */
export const longDays: readonly GameDay[] = [soak];

/** Plays one on a running shop, puts everything back and checks the books. Resolves with what was promised and what came of it. */
export async function play(day: GameDay, instance: Instance, { print, random }: { print: (text: string) => void; random: () => number }): Promise<readonly Verdict[]> {
  if (!isSpacious(instance)) throw new Error('a crowd from one address would meet the limits of one shopper: npm stop, then LOADTEST_CIDR=127.0.0.1/32 npm start raises them');
  const stage = await Stage.open(instance, print, random);
  try {
    stage.tell(`${day.name}: ${day.what}`);
    stage.tell('the doors open: people browse, fill carts and buy');
    await stage.letIn();
    await day.play(stage);
  } finally {
    // Whatever went wrong: the shop is left as it was found.
    await stage.repair().catch((error: unknown) => stage.judge('the shop is put back', String(error), false));
    await stage.wait(2000);
    await stage.close();
  }
  stage.tell('checking the books');
  await stage.settle();
  return stage.verdicts;
}

function isSpacious(instance: Instance): boolean {
  return (readRunFile(instance)?.apps['order-service']?.['LOADTEST_CIDR'] ?? '').split(',').some((range) => range.trim().startsWith('127.'));
}
