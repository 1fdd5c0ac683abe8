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
const longestMs = 5000;
const recoveryMs = 10_000;
// A wish for an answer within five seconds is part of an order's request.
const patienceOf = (doing: Doing): number => longestMs + (doing === 'order' ? 5000 : 0);

describe.each(Object.keys(unconcerned) as (keyof typeof unconcerned)[])('%s', (dependency) => {
  it.each([['slow by 1 s ± 0.5 s', slow], ['cut', cut], ['silent', silent], ['at 20 KB/s', trickle]] as const)('%s: nobody waits long, others do not notice, and all is well soon after', async (_what, toxic) => {
    const usual = Object.fromEntries((['browse', 'cart'] as const).map((doing) => [doing, crowd.figures(doing, Date.now() - 5000)]));
    const begun = Date.now();
    await toxiproxy.poison(dependency, toxic);
    await pause(faultMs);
    await toxiproxy.heal(dependency);
    const healed = Date.now();
    for (const doing of ['browse', 'cart', 'order'] as const) {
      const figures = crowd.figures(doing, begun, healed);
      expect(figures.slowest, `${doing}: ${JSON.stringify(figures)}`).toBeLessThanOrEqual(patienceOf(doing));
    }
    for (const doing of unconcerned[dependency]) {
      const figures = crowd.figures(doing, begun, healed);
      expect(figures.failed, `${doing}: ${JSON.stringify(figures)}`).toBe(0);
      // A crowd of seven has few requests in five seconds: their worst is noise below half of what the slow ones wait at least.
      expect(figures.p99, `${doing}: ${JSON.stringify({ usual: usual[doing], figures })}`).toBeLessThanOrEqual(Math.max(1.5 * (usual[doing]?.p99 ?? 0), 250));
    }
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
  });
});

it('after all of it no order is lost and every sum agrees', async () => {
  await crowd.goHome();
  expect(await lostTo(crowd, shop)).toEqual([]);
});
