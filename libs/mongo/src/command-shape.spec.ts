import { ObjectId } from 'mongodb';
import { expect, it } from 'vitest';
import { shapeOf } from './command-shape.ts';

it('tells fields and operators, and no value', () => {
  const shape = shapeOf({ find: 'users', filter: { email: 'ada@example.com', age: { $gte: 18 }, _id: new ObjectId(), tags: { $in: ['a', 'b', 'c'] } }, sort: { createdAt: -1 }, lsid: {}, $db: 'shop_auth' });
  expect(JSON.parse(shape)).toEqual({ filter: { email: '?', age: { $gte: '?' }, _id: '?', tags: { $in: ['?', '?'] } }, sort: { createdAt: '?' } });
});

it('tells the stages of a pipeline', () => {
  expect(JSON.parse(shapeOf({ aggregate: 'products', pipeline: [{ $match: { brand: 'Acme' } }, { $group: { _id: '$brand' } }] }))).toEqual({
    pipeline: [{ $match: { brand: '?' } }, { $group: { _id: '?' } }],
  });
});
