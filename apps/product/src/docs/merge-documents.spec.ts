import { expect, it } from 'vitest';
import { mergeDocuments } from './merge-documents.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

it('joins paths, renames components that differ under one name, and leaves internal paths out', () => {
  const merged = mergeDocuments(
    new Map([
      ['products', { paths: { '/api/products': { get: ref('Page') } }, components: { schemas: { Page: { type: 'object' }, Money: { type: 'number' } } } }],
      ['orders', { paths: { '/api/orders': { get: ref('Page'), post: ref('Money') }, '/internal/orders': { get: {} } }, components: { schemas: { Page: { type: 'array' }, Money: { type: 'number' } } } }],
    ]),
    ['cart'],
  );
  expect(merged.paths).toEqual({ '/api/products': { get: ref('Page') }, '/api/orders': { get: ref('orders_Page'), post: ref('Money') } });
  expect(merged.components['schemas']).toEqual({ Page: { type: 'object' }, Money: { type: 'number' }, orders_Page: { type: 'array' } });
  expect(merged.info.description).toContain('cart');
});
