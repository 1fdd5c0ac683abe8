import { expect, it } from 'vitest';
import { undocumentedKeys } from './undocumented-keys.ts';

const schemas = { Line: { properties: { sku: {}, price: { anyOf: [{ properties: { amount: {} } }, { type: 'null' }] }, difference: { additionalProperties: { properties: { new: {} } } } } } };
const schema = { properties: { lines: { items: { $ref: '#/components/schemas/Line' } }, totals: { additionalProperties: { properties: { amount: {} } } } } };

it('finds keys that a schema does not name, however deep', () => {
  expect(undocumentedKeys({ lines: [{ sku: 'A', price: { amount: 1 } }], totals: { EUR: { amount: 1 } } }, schema, schemas)).toEqual([]);
  expect(undocumentedKeys({ lines: [{ sku: 'A', cost: 1 }], totals: { EUR: { amount: 1, margin: 2 } }, _id: 'x' }, schema, schemas)).toEqual(['/lines/0/cost', '/totals/EUR/margin', '/_id']);
  expect(undocumentedKeys({ lines: [{ price: { amount: 1, margin: 2 } }] }, schema, schemas)).toEqual(['/lines/0/price/margin']);
});

it('takes any value where the document says anything', () => {
  const line = { difference: { benefit: { new: { kind: 'percent', basisPoints: 1000 } } } };
  expect(undocumentedKeys({ lines: [line] }, schema, schemas)).toEqual([]);
  expect(undocumentedKeys({ lines: [{ difference: { benefit: { newer: {} } } }] }, schema, schemas)).toEqual(['/lines/0/difference/benefit/newer']);
});
