import type { ServerName } from '@shopfleet/local';
import type { Doing } from '@shopfleet/shoppers';
import type { GameDay } from '../game-day.ts';
import { Provider } from '../provider.ts';
import { words, type Stage } from '../stage.ts';

const [leastMs, mostMs] = [500, 1500];
// Long enough for what has waited to be answered before the next standstill.
const breathMs = 100;
const slowMs = 8000;
const usualMs = 5000;
const patienceMs = 5000;
const asksFor = { browse: 0, cart: 0, order: 5000 } as const;
const recoveryMs = 10_000;
const factor = 1.5;
// Of a hundred requests the p99 is the slowest one: below this a single turn that goes to somebody else decides it.
const floorMs = 50;

/** Who does not need a dependency at all has to go on as if nothing were. */
const unconcerned: Readonly<Record<ServerName | 'provider', readonly Doing[]>> = {
  mongod: ['cart'],
  'redis-cache': ['cart'],
  'redis-state': [],
  rabbitmq: ['browse', 'cart'],
  provider: ['browse', 'cart'],
};

export const slow: GameDay = {
  name: 'slow',
  what: `each dependency in turn is ${leastMs / 1000} to ${mostMs / 1000} s late: nobody waits for long, who is not concerned does not notice`,
  play: async (stage) => {
    for (const name of ['mongod', 'redis-cache', 'redis-state', 'rabbitmq'] as const) {
      const { halt, goOn } = await stage.pausing(name);
      await judgeSlow(stage, name, async (ms) => {
        await halt();
        await stage.wait(ms).finally(goOn);
        await stage.wait(breathMs);
      });
    }
    const provider = new Provider(stage);
    const late = async (ms: number): Promise<void> => {
      await provider.takes(ms);
      await stage.wait(ms);
    };
    await judgeSlow(stage, 'provider', late, () => provider.takesAsUsual());
  },
};

async function judgeSlow(stage: Stage, name: ServerName | 'provider', beLate: (ms: number) => Promise<void>, heal = (): Promise<void> => Promise.resolve()): Promise<void> {
  // Of a time in which nothing was wrong.
  await stage.wait(usualMs);
  const usual = { browse: stage.crowd.figures('browse', Date.now() - usualMs).p99, cart: stage.crowd.figures('cart', Date.now() - usualMs).p99 };
  stage.tell(`${name} is ${leastMs} to ${mostMs} ms late, for ${slowMs / 1000} s`);
  const begun = Date.now();
  try {
    while (Date.now() < begun + slowMs) await beLate(Math.round(leastMs + stage.random() * (mostMs - leastMs)));
  } finally {
    await heal();
  }
  const healed = Date.now();
  const recovered = await stage.until(() => isWell(stage, healed), 6 * recoveryMs);
  // Whoever was asked for something before that is answered by then, or waits too long.
  await stage.until(() => stage.crowd.isAnswered(healed), 6 * recoveryMs);
  for (const doing of ['browse', 'cart', 'order'] as const) {
    const figures = stage.crowd.figures(doing, begun, healed);
    const mostWaiting = asksFor[doing] + patienceMs;
    stage.judge(`${name} slow, ${doing}: nobody waits more than ${mostWaiting / 1000} s`, words(figures), figures.slowest <= mostWaiting && figures.asked > 0);
    if (doing === 'order' || !unconcerned[name].includes(doing)) continue;
    stage.judge(`${name} slow, ${doing}: none fails`, `${figures.failed} of ${figures.asked}`, figures.failed === 0);
    stage.judge(`${name} slow, ${doing}: p99 within ${factor} ×, or ${floorMs} ms`, `${usual[doing]} → ${figures.p99} ms`, figures.p99 <= Math.max(factor * usual[doing], floorMs));
  }
  stage.judge(`${name}: all is well within ${recoveryMs / 1000} s`, `${recovered ?? `> ${6 * recoveryMs}`} ms`, (recovered ?? Infinity) <= recoveryMs);
}

/** A whole second in which everybody is served, and an order that was begun since. */
function isWell({ crowd }: Stage, healed: number): boolean {
  const lately = Date.now() - 1000;
  const isServed = (['browse', 'cart'] as const).every((doing) => {
    const { asked, failed } = crowd.figures(doing, lately);
    return asked > 0 && failed === 0;
  });
  return lately >= healed && isServed && crowd.wishes.some(({ startedAt, status }) => startedAt > healed && (status === 201 || status === 202));
}
