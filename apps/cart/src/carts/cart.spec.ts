import { expect, it } from 'vitest';
import { lineIdOf, skuOfLineId } from './cart.ts';

it.each(['LAMP-BRASS-S', 'a', 'ünïcode', 'x'.repeat(64)])('finds the SKU %s by its line id', (sku) => {
  expect(skuOfLineId(lineIdOf(sku))).toBe(sku);
});

it.each(['', 'lin_', 'LAMP', 'lin_***', 'lin_U0tVLTE=', 'lin_U0tVLTF'])('takes %j for no line id', (text) => {
  expect(skuOfLineId(text)).toBeUndefined();
});
