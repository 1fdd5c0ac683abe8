import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { daemonPid, kill, pm2, repair, state, underLoad, untilReady, workersOf, type LoadResult } from '../src/operator.ts';
import { call, shop, waitFor } from '../src/shop.ts';
import { expectStatus, Shopper, variantsInStock, type Cart, type Variant } from '../src/shopper.ts';

let variant: Variant;
const tokens: string[] = [];

beforeAll(async () => {
  [variant] = (await variantsInStock(1)) as [Variant];
  for (let shopper = 0; shopper < 8; shopper += 1) {
    const { body } = expectStatus(await call<Cart>('/api/cart/items', { method: 'POST', body: { sku: variant.sku, quantity: 1 } }), 200, 201);
    tokens.push(body.cartToken ?? '');
  }
});

/** Eight shoppers who look at their carts and change them: half of it is POST, none of it is cached. */
function shoppers(work: () => Promise<void>): Promise<LoadResult> {
  return underLoad(
    tokens.length,
    (client, count) => {
      const headers = { 'x-cart-token': tokens[client] ?? '' };
      if (count % 4 === 0) return { path: '/api/cart', call: { method: 'DELETE', headers } };
      return count % 4 === 2 ? { path: '/api/cart', call: { headers } } : { path: '/api/cart/items', call: { method: 'POST', headers, body: { sku: variant.sku, quantity: 1 } } };
    },
    work,
  );
}

describe('while shoppers are busy, no request fails', () => {
  it('when a service is scaled up and down again', async () => {
    const before = (await workersOf('cart-service')).length;
    const load = await shoppers(async () => {
      await pm2('scale', 'cart-service', String(before + 1));
      await untilReady('cart-service', before + 1);
      await pm2('scale', 'cart-service', String(before));
      await untilReady('cart-service', before);
    });
    expect(load.failures).toEqual([]);
    expect(load.sent).toBeGreaterThan(500);
  });

  it('when it is reloaded', async () => {
    const before = (await workersOf('cart-service')).map(({ pid }) => pid);
    const load = await shoppers(async () => {
      await pm2('reload', 'cart-service');
      await untilReady('cart-service', before.length);
    });
    expect((await workersOf('cart-service')).every(({ pid }) => !before.includes(pid))).toBe(true);
    expect(load.failures).toEqual([]);
    expect(load.sent).toBeGreaterThan(500);
  });
});

it('a worker killed with -9 fails no GET and is replaced within seconds', async () => {
  const before = await workersOf('product-service');
  const victim = before[0];
  const load = await underLoad(
    8,
    (client, count) => ({ path: `/api/products?limit=1&page=${(client * 7 + count) % 50 + 1}`, call: {} }),
    async () => {
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      await waitFor('another worker on the same port', async () => {
        const now = (await workersOf('product-service')).find(({ port }) => port === victim?.port);
        return now?.ok && now.pid !== victim?.pid ? true : undefined;
      });
    },
  );
  expect(load.failures).toEqual([]);
});

it('orders are taken while the broker is dead, and finished when it is back', async () => {
  const guest = new Shopper();
  await guest.addToCart(variant.sku);
  const workers = (await state()).workers.map(({ pid }) => pid);
  await kill('rabbitmq');
  const taken = expectStatus(await guest.order('tok_ok', { wait: 1 }), 202);
  expect(taken.headers['location']).toContain(taken.body.id);
  expect((await state()).servers.find(({ name }) => name === 'rabbitmq')?.ok).toBe(false);

  await repair();
  const token = taken.body.orderToken ?? '';
  await waitFor(
    'the order is paid',
    async () => ((await call<{ status: string }>(`/api/orders/${taken.body.id}`, { headers: { 'x-order-token': token } })).body.status === 'paid' ? true : undefined),
    45,
  );
  await guest.mail(new RegExp(taken.body.number, 'u'));
  expect((await state()).ok).toBe(true);
  // What was missing came back, and all else was left alone.
  expect((await state()).workers.map(({ pid }) => pid)).toEqual(workers);
}, 180_000);

it("kill -9 of PM2's daemon, and of nginx while its services come back: the watchdog has all of it back", async () => {
  const before = (await state()).workers.length;
  const watchdog = spawn(process.execPath, ['infra/local/cli.ts', 'watchdog'], { cwd: shop.folder, stdio: 'ignore' });
  try {
    process.kill(daemonPid(), 'SIGKILL');
    // Whoever asks for the list just then launches a daemon that has none.
    await pm2('ls');
    await waitFor('a worker that takes traffic', async () => ((await state()).workers.some(({ ok }) => ok) ? true : undefined), 60);
    process.kill((await state()).gateway.pid ?? 0, 'SIGKILL');
    await waitFor(
      'all is well',
      async () => {
        const { ok, workers } = await state();
        return ok && workers.length === before ? true : undefined;
      },
      120,
    );
    expect(watchdog.exitCode).toBeNull();
  } finally {
    watchdog.kill('SIGTERM');
    await once(watchdog, 'exit');
  }
  expectStatus(await call('/api/products?limit=1'), 200);
}, 240_000);
