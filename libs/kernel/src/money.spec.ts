import { describe, expect, it } from 'vitest';
import { addMoney, formatMoney, minorDigits, money, multiplyMoney, subtractMoney, sumMoney } from './money.ts';

describe('money', () => {
  it('counts in minor units of each currency', () => {
    expect([minorDigits('EUR'), minorDigits('JPY'), minorDigits('KWD')]).toEqual([2, 0, 3]);
    expect(formatMoney(money(1999, 'EUR'), 'en')).toBe('€19.99');
    expect(formatMoney(money(1999, 'JPY'), 'en')).toBe('¥1,999');
    expect(formatMoney(money(1999, 'KWD'), 'en').replace(/\s/u, ' ')).toBe('KWD 1.999');
  });

  it('adds, subtracts, multiplies and sums', () => {
    const price = money(250, 'EUR');
    expect(addMoney(price, price)).toEqual(money(500, 'EUR'));
    expect(subtractMoney(price, money(300, 'EUR'))).toEqual(money(-50, 'EUR'));
    expect(multiplyMoney(price, 3)).toEqual(money(750, 'EUR'));
    expect(sumMoney([price, price, price], 'EUR')).toEqual(money(750, 'EUR'));
    expect(sumMoney([], 'JPY')).toEqual(money(0, 'JPY'));
  });

  it('refuses fractions and mixed currencies', () => {
    expect(() => money(0.5, 'EUR')).toThrow(RangeError);
    expect(() => addMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow('cannot combine EUR with USD');
    expect(() => multiplyMoney(money(Number.MAX_SAFE_INTEGER, 'EUR'), 2)).toThrow(RangeError);
  });
});
