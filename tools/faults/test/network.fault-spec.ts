import { setTimeout as pause } from 'node:timers/promises';
import { Crowd, type Asking, type Figures } from '@shopfleet/shoppers';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type FaultShop, type Proxied } from '../src/shop.ts';
import { startToxiproxy, type Toxic, type Toxiproxy } from '../src/toxiproxy.ts';
import { lostTo } from '../src/verdict.ts';

let toxiproxy: Toxiproxy;
let shop: FaultShop;
let crowd: Crowd;
let usual: Readonly<Record<'browse' | 'cart', Figures>>;

beforeAll(async () => {
  toxiproxy = await startToxiproxy();
  shop = await openShop({ through: (dependency, url) => toxiproxy.through(dependency, url) });
  await shop.sell('PLENTY', 1_000_000);
  crowd = new Crowd(shop.front, ['PLENTY'], { browsers: 3, carts: 4, buyers: 2 });
  await eventually(() => crowd.wishes.some(({ status }) => status === 201), { timeoutMs: 30_000 });
  await pause(warmMs);
  const warm = Date.now();
  await pause(usualMs);
  usual = { browse: crowd.figures('browse', warm), cart: crowd.figures('cart', warm) };
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
const unconcerned: Readonly<Record<Exclude<Proxied, 'services'>, readonly ('browse' | 'cart')[]>> = {
  mongodb: ['cart'],
  redisCache: ['cart'],
  redisState: [],
  rabbitmq: ['browse', 'cart'],
  payment: ['browse', 'cart'],
};
const [warmMs, usualMs, faultMs] = [10_000, 15_000, 8000];
const recoveryMs = 10_000;
const waitMs = 5000;
// What an order asks to wait for its payment.
const orderMs = 5000;
// Some of these people ask a hundred times in a fault: their p99 is one request, which any collection of garbage can be.
const noticeableMs = 100;

describe.each(Object.keys(unconcerned) as (keyof typeof unconcerned)[])('%s', (dependency) => {
  it.each([['slow by 1 s ± 0.5 s', slow], ['cut', cut], ['silent', silent], ['at 20 KB/s', trickle]] as const)('%s: everybody is answered, others do not notice, and all is well soon after', async (what, toxic) => {
    const begun = Date.now();
    await toxiproxy.poison(dependency, toxic);
    await pause(faultMs);
    await toxiproxy.heal(dependency);
    const healed = Date.now();
    // Pools have recovered when everybody is served again for a whole second, and an order that is sent then is taken.
    await eventually(
      () => {
        const lately = Date.now() - 1000;
        for (const doing of ['browse', 'cart'] as const) {
          const figures = crowd.figures(doing, lately);
          expect([doing, figures.failed, figures.asked > 0]).toEqual([doing, 0, true]);
        }
      },
      { timeoutMs: recoveryMs, intervalMs: 100 },
    );
    const served = Date.now() - healed;
    const isTaken = ({ doing, at, status }: Asking): boolean => doing === 'order' && at > healed && (status === 201 || status === 202);
    await eventually(() => expect(crowd.askings.some(isTaken)).toBe(true), { timeoutMs: recoveryMs + orderMs, intervalMs: 100 });
    const recovered = Math.max(served, Math.min(...crowd.askings.filter(isTaken).map(({ at }) => at)) - healed);
    await eventually(() => crowd.isAnswered(healed), { timeoutMs: recoveryMs });
    const during = (['browse', 'cart', 'order'] as const).map((doing) => ({ doing, ...crowd.figures(doing, begun, healed) }));
    const lines = during.map(({ doing, asked, failed, p99, slowest }) => `${doing} ${failed} of ${asked} failed, p99 ${doing === 'order' ? '' : `${usual[doing].p99} → `}${p99} ms, slowest ${slowest} ms`);
    console.log(`${dependency} ${what}: ${lines.join('; ')}; all well ${recovered} ms later`);
    for (const figures of during) {
      // No answer at all is what a shopper's patience of ten seconds ends in.
      expect(figures.statuses, JSON.stringify(figures)).not.toHaveProperty('none');
      expect(figures.slowest, figures.doing).toBeLessThanOrEqual(waitMs + (figures.doing === 'order' ? orderMs : 0));
    }
    expect(recovered, 'all well again').toBeLessThanOrEqual(recoveryMs);
    for (const doing of unconcerned[dependency]) {
      const figures = crowd.figures(doing, begun, healed);
      expect(figures.failed, JSON.stringify(figures)).toBe(0);
      expect(figures.p99, `p99 of ${doing}, usually ${usual[doing].p99} ms`).toBeLessThanOrEqual(1.5 * Math.max(usual[doing].p99, noticeableMs));
    }
  });
});

it('after all of it no order is lost and every sum agrees', async () => {
  await crowd.goHome();
  expect(await lostTo(crowd, shop)).toEqual([]);
});
