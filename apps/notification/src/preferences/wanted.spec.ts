import { expect, test } from 'vitest';
import { orderShippedKind } from '../mail/kinds/order-shipped.ts';
import { resetPassword } from '../mail/kinds/reset-password.ts';
import { isWanted } from './wanted.ts';

test('a person is told unless they chose otherwise', () => {
  expect(isWanted(orderShippedKind, 'email', {})).toBe(true);
  expect(isWanted(orderShippedKind, 'email', { 'order-shipped': { email: false } })).toBe(false);
  expect(isWanted(orderShippedKind, 'push', { 'order-shipped': { email: false } })).toBe(true);
  expect(isWanted({ ...orderShippedKind, byDefault: { email: false } } as typeof orderShippedKind, 'email', {})).toBe(false);
});

test('what an account depends on is mailed whatever was chosen', () => {
  expect(isWanted(resetPassword, 'email', { 'reset-password': { email: false } })).toBe(true);
});
