import { expect, it } from 'vitest';
import { replicasOf } from './replicas.ts';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

it('names each replica once, in a fixed order', async () => {
  expect(await replicasOf('cart', 3000, () => Promise.resolve(['10.0.0.9', '10.0.0.7', '10.0.0.9']))).toEqual(['10.0.0.7:3000', '10.0.0.9:3000']);
});

it('tells a service without a replica from a resolver that is away', async () => {
  expect(await replicasOf('cart', 3000, failing('ENOTFOUND'))).toEqual([]);
  expect(await replicasOf('cart', 3000, failing('EAI_AGAIN'))).toBeUndefined();
});
