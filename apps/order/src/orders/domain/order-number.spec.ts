import { describe, expect, it } from 'vitest';
import { newOrderNumber, orderNumberPattern } from './order-number.ts';

describe('newOrderNumber', () => {
  it('is readable', () => {
    for (let n = 0; n < 1000; n++) expect(newOrderNumber()).toMatch(orderNumberPattern);
  });

  it('uses each letter of the alphabet for five bits', () => {
    expect(newOrderNumber(() => Uint8Array.of(0, 1, 2, 31, 32, 9, 10, 255))).toBe('SF-012Z-09AZ');
  });
});
