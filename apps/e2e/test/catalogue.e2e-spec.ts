import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { call } from '../src/shop.ts';
import { expectStatus, Shopper } from '../src/shopper.ts';

interface Product {
  id: string;
  slug: string;
  version: number;
  variants: { sku: string; price: { amount: number; currency: string } }[];
}

describe('a price that changes', () => {
  it('is seen at the edge within three seconds, however many are reading it meanwhile', async () => {
    const manager = new Shopper();
    await manager.login('shopfleet-demo', 'manager@example.com');
    const [first] = expectStatus(await call<{ items: Product[] }>('/api/products?limit=1'), 200).body.items;
    const path = `/api/products/${first?.slug ?? ''}`;
    for (let round = 0; round < 3; round += 1) {
      const { body: before } = expectStatus(await call<Product>(path), 200);
      const [variant] = before.variants;
      const amount = (variant?.price.amount ?? 0) + 10;
      let reading = true;
      // Fills race with the change: two readers hardly let the page rest, and stay below the requests after which nginx closes a connection.
      const readers = [0, 1].map(async () => {
        while (reading) {
          await call(path);
          await delay(1);
        }
      });
      const edit = { variants: [{ sku: variant?.sku, price: { ...variant?.price, amount } }] };
      expectStatus(await manager.send(`/api/products/${before.id}`, { method: 'PATCH', headers: { 'if-match': `"v${before.version}"` }, body: edit }), 200);
      const changedAt = Date.now();
      let seenAt: number | undefined;
      const stale: number[] = [];
      while (Date.now() - changedAt < 5_000) {
        const { body } = await call<Product>(path);
        if (body.variants[0]?.price.amount === amount) seenAt ??= Date.now();
        else if (Date.now() - changedAt > 3_000 || seenAt !== undefined) stale.push(Date.now() - changedAt);
        await delay(20);
      }
      reading = false;
      await Promise.all(readers);
      expect(stale).toEqual([]);
      expect((seenAt ?? Infinity) - changedAt).toBeLessThan(3_000);
    }
  });

  it('tells which tier answered', async () => {
    const tiers = new Set<unknown>();
    for (let i = 0; i < 20; i += 1) tiers.add((await call('/api/products?limit=11')).headers['x-cache']);
    expect([...tiers]).toContain('EDGE');
  });
});
