import { firstPurchase, resolveInstance } from '@shopfleet/local';
import { expect, it } from 'vitest';
import { operate } from '../src/shop.ts';

it('the first purchase that npm start prints can be pasted as it is', async () => {
  const printed = await operate('sh', '-c', firstPurchase(resolveInstance()));
  expect(printed).toMatch(/"status":"paid"/u);
  expect(printed).toMatch(/"items":\[\{.*"kind"/su);
});
