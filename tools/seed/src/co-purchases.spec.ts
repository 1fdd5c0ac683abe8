import { describe, expect, it } from 'vitest';
import { pairsOf, planted } from './co-purchases.ts';
import { profiles } from './profiles.ts';

describe('co-purchases', () => {
  it('show the planted clusters through the noise', () => {
    const { products } = profiles.demo;
    const byProduct = Map.groupBy(pairsOf(profiles.demo, 42), ({ a }) => a);
    const hits = Array.from({ length: products - 2 }, (_, product) => {
      const top = (byProduct.get(product) ?? []).slice(0, 5).map(({ b }) => b);
      return planted(product, products).filter((other) => top.includes(other)).length / 5;
    });
    expect(hits.reduce((sum, hit) => sum + hit, 0) / hits.length).toBeGreaterThan(0.9);
  });
});
