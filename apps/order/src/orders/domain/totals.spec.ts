import { money } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { totalsOf } from './totals.ts';

describe('totalsOf', () => {
  it('adds shipping below 50.00', () => {
    expect(totalsOf([money(4999, 'EUR')], 'EUR').total).toEqual(money(5489, 'EUR'));
  });

  it('ships free from 50.00 on', () => {
    expect(totalsOf([money(2500, 'EUR'), money(2500, 'EUR')], 'EUR').shipping).toEqual(money(0, 'EUR'));
  });

  it.each([
    ['JPY', 5],
    ['KWD', 4900],
    ['USD', 490],
  ] as const)('scales shipping to the digits of %s', (currency, amount) => {
    expect(totalsOf([money(1, currency)], currency).shipping).toEqual(money(amount, currency));
  });
});
