import type { PriceBookEntry } from '@shopfleet/contracts';
import { money, type Currency } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import type { Cart, CartLine } from './cart.ts';
import { presentCart } from './cart.presenter.ts';

const owner = { cartId: 'crt_1', lifetime: 1, userId: 'usr_1' };

function entry(overrides: Partial<PriceBookEntry> = {}): PriceBookEntry {
  const price = money(1_999, 'EUR');
  return { sku: 'LAMP', productId: 'prd_1', partnerId: 'prt_1', name: 'Lamp', variantName: 'small', price, taxClass: 'standard', weightGrams: 1, version: 1, active: true, ...overrides };
}

function line(overrides: Partial<CartLine> = {}): CartLine {
  return { sku: 'LAMP', quantity: 2, order: 1, priceWhenAdded: money(1_999, 'EUR'), entry: entry(), inStock: true, ...overrides };
}

function cart(lines: CartLine[], currency: Currency = 'EUR'): Cart {
  return { id: 'crt_1', version: 3, currency, lines, couponCode: undefined, shippingMethod: undefined };
}

describe('presentCart', () => {
  it('adds up the lines at the prices of now', () => {
    const other = line({ sku: 'CHAIR', quantity: 1, priceWhenAdded: money(5, 'EUR'), entry: entry({ sku: 'CHAIR', price: money(5, 'EUR') }) });
    expect(presentCart(cart([line(), other]), owner)).toMatchObject({ version: 3, currency: 'EUR', subtotal: money(4_003, 'EUR') });
  });

  it('says that a price has changed, and what it was', () => {
    const view = presentCart(cart([line({ entry: entry({ price: money(1_499, 'EUR') }) })]), owner);
    expect(view.lines[0]).toMatchObject({ price: money(1_499, 'EUR'), priceChanged: true, previousPrice: money(1_999, 'EUR'), lineTotal: money(2_998, 'EUR') });
    expect(presentCart(cart([line()]), owner).lines[0]).not.toHaveProperty('priceChanged');
  });

  it.each([
    ['was withdrawn', entry({ active: false })],
    ['is unknown', undefined],
    ['has moved to another currency', entry({ price: money(1_999, 'USD') })],
  ])('shows a line whose SKU %s, but does not count it', (_, found) => {
    const view = presentCart(cart([line({ entry: found })]), owner);
    expect(view.lines[0]).toMatchObject({ available: false, price: money(1_999, 'EUR') });
    expect(view.subtotal).toEqual(money(0, 'EUR'));
  });

  it('says that a line is sold out, and counts it like the quote', () => {
    const view = presentCart(cart([line({ inStock: false })]), owner);
    expect(view.lines[0]).toMatchObject({ available: false, price: money(1_999, 'EUR') });
    expect(view.subtotal).toEqual(money(3_998, 'EUR'));
  });

  it('shows currencies without minor units as they are', () => {
    const yen = line({ quantity: 3, priceWhenAdded: money(1_200, 'JPY'), entry: entry({ price: money(1_200, 'JPY') }) });
    expect(presentCart(cart([yen], 'JPY'), owner).subtotal).toEqual(money(3_600, 'JPY'));
  });

  it('shows an empty cart in the shop’s currency', () => {
    expect(presentCart({ ...cart([]), currency: undefined }, owner)).toMatchObject({ lines: [], subtotal: money(0, 'EUR'), currency: 'EUR' });
  });
});
