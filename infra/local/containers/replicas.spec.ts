import { expect, it } from 'vitest';
import { hostOf, replicasOf } from './replicas.ts';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

it('names each replica once, in a fixed order', async () => {
  expect(await replicasOf('cart', 3000, () => Promise.resolve(['10.0.0.9', '10.0.0.7', '10.0.0.9']))).toEqual(['10.0.0.7:3000', '10.0.0.9:3000']);
});

it('asks for a service by its name, or as the environment says', () => {
  expect(hostOf('cart', {})).toBe('cart');
  expect(hostOf('cart', { CART_HOST: 'cart-service', PRODUCT_HOST: 'product-service' })).toBe('cart-service');
  expect(hostOf('cart', { CART_HOST: 'cart-9g3f', HOST_SUFFIX: '-discovery' })).toBe('cart-9g3f-discovery');
});

it('tells a service without a replica from a resolver that is away', async () => {
  expect(await replicasOf('cart', 3000, failing('ENOTFOUND'))).toEqual([]);
  expect(await replicasOf('cart', 3000, failing('EAI_AGAIN'))).toBeUndefined();
});
