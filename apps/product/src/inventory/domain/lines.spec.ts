import { expect, it } from 'vitest';
import { stockLinesOf } from './lines.ts';

it('adds up lines of one SKU and orders them by SKU', () => {
  const lines = [{ sku: 'B', quantity: 1 }, { sku: 'A', quantity: 2 }, { sku: 'B', quantity: 3 }];
  expect(stockLinesOf(lines)).toEqual([{ sku: 'A', quantity: 2 }, { sku: 'B', quantity: 4 }]);
});
