import { money } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { shippingOffers, shippingPrice } from './shipping.ts';

const parcel = (overrides: Partial<Parameters<typeof shippingPrice>[1]> = {}) => ({ country: 'DE', weightGrams: 400, value: money(1_999, 'EUR'), ...overrides });

describe('shippingPrice', () => {
  it.each([
    ['by weight', { weightGrams: 5_000 }, 490],
    ['by weight, the next band', { weightGrams: 5_001 }, 690],
    ['by the kilogram begun above the last band', { weightGrams: 32_501 }, 1_610],
    ['by destination in Europe', { country: 'FR' }, 990],
    ['by destination beyond', { country: 'US' }, 1_990],
    ['nothing from a value on', { value: money(5_000, 'EUR') }, 0],
    ['in full just below it', { value: money(4_999, 'EUR') }, 490],
  ] as const)('is %s', (_, overrides, amount) => {
    expect(shippingPrice('standard', parcel(overrides))).toEqual(money(amount, 'EUR'));
  });

  it.each([
    ['USD', 540],
    ['GBP', 450],
    ['JPY', 790],
    ['KWD', 1_650],
  ] as const)('has a list of its own in %s', (currency, amount) => {
    expect(shippingPrice('standard', parcel({ value: money(1, currency) }))).toEqual(money(amount, currency));
  });

  it('offers what goes to the destination', () => {
    expect(shippingOffers(parcel()).map(({ method }) => method)).toEqual(['standard', 'express', 'pickup']);
    expect(shippingOffers(parcel({ country: 'FR' })).map(({ method }) => method)).toEqual(['standard', 'express']);
    expect(shippingOffers(parcel({ country: 'US' })).map(({ method }) => method)).toEqual(['standard']);
  });
});
