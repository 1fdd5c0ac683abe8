import { setTimeout as pause } from 'node:timers/promises';
import { Crowd, type Doing } from '@shopfleet/shoppers';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Dependencies, type FaultShop } from '../src/shop.ts';
import { startToxiproxy, type Toxic, type Toxiproxy } from '../src/toxiproxy.ts';
import { lostTo } from '../src/verdict.ts';

let toxiproxy: Toxiproxy;
let shop: FaultShop;
let crowd: Crowd;

beforeAll(async () => {
  toxiproxy = await startToxiproxy();
  shop = await openShop({ through: (dependency, url) => toxiproxy.through(dependency, url) });
  await shop.sell('PLENTY', 1_000_000);
  crowd = new Crowd(shop.front, ['PLENTY'], { browsers: 3, carts: 2, buyers: 2 });
  await eventually(() => crowd.wishes.some(({ status }) => status === 201), { timeoutMs: 30_000 });
}, 300_000);
afterAll(async () => {
  await shop.close();
  await toxiproxy.stop();
});

const slow: Toxic = { type: 'latency', attributes: { latency: 1000, jitter: 500 } };
const cut: Toxic = { type: 'reset_peer', attributes: { timeout: 0 } };
const silent: Toxic = { type: 'timeout', attributes: { timeout: 0 } };
const trickle: Toxic = { type: 'bandwidth', attributes: { rate: 20 } };

/** Who does not need a dependency at all has to go on as if nothing were. */
const unconcerned: Readonly<Record<keyof Dependencies | 'payment', readonly Doing[]>> = {
  mongodb: ['cart'],
  redisCache: ['cart'],
  redisState: [],
  rabbitmq: ['browse', 'cart'],
  payment: ['browse', 'cart'],
};
const faultMs = 8000;
// Promised are ten; how long it took is printed.
const recoveryMs = 60_000;

describe.each(Object.keys(unconcerned) as (keyof typeof unconcerned)[])('%s', (dependency) => {
  it.each([['slow by 1 s ± 0.5 s', slow], ['cut', cut], ['silent', silent], ['at 20 KB/s', trickle]] as const)('%s: everybody is answered, others do not notice, and all is well soon after', async (what, toxic) => {
    const usual = Object.fromEntries((['browse', 'cart'] as const).map((doing) => [doing, crowd.figures(doing, Date.now() - 5000)]));
    const begun = Date.now();
    await toxiproxy.poison(dependency, toxic);
    await pause(faultMs);
    await toxiproxy.heal(dependency);
    const healed = Date.now();
    // Pools and breakers have recovered when everybody is served again for a whole second.
    await eventually(
      () => {
        const lately = Date.now() - 1000;
        for (const doing of ['browse', 'cart'] as const) {
          const figures = crowd.figures(doing, lately);
          expect([doing, figures.failed, figures.asked > 0]).toEqual([doing, 0, true]);
        }
        expect(crowd.wishes.some(({ startedAt, status }) => startedAt > healed && (status === 201 || status === 202))).toBe(true);
      },
      { timeoutMs: recoveryMs, intervalMs: 100 },
    );
    const recovered = Date.now() - healed;
    await eventually(() => crowd.isAnswered(healed), { timeoutMs: recoveryMs });
    const during = (['browse', 'cart', 'order'] as const).map((doing) => ({ doing, ...crowd.figures(doing, begun, healed) }));
    for (const figures of during) {
      // No answer at all is what a shopper's patience of ten seconds ends in.
      expect(figures.statuses, JSON.stringify(figures)).not.toHaveProperty('none');
      if (unconcerned[dependency].includes(figures.doing)) expect(figures.failed, JSON.stringify(figures)).toBe(0);
    }
    const lines = during.map(({ doing, asked, failed, p99, slowest }) => `${doing} ${failed} of ${asked} failed, p99 ${doing === 'order' ? '' : `${usual[doing]?.p99} → `}${p99} ms, slowest ${slowest} ms`);
    console.log(`${dependency} ${what}: ${lines.join('; ')}; all well ${recovered} ms later`);
  });
});

it('after all of it no order is lost and every sum agrees', async () => {
  await crowd.goHome();
  expect(await lostTo(crowd, shop)).toEqual([]);
});
