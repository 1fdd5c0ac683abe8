import { addMoney, minorDigits, money, sumMoney, type Currency, type Money } from '@shopfleet/kernel';

/** What an order costs, every part in the order's currency. */
export interface Totals {
  readonly subtotal: Money;
  readonly discount: Money;
  readonly shipping: Money;
  readonly tax: Money;
  readonly total: Money;
}

/** An amount written for two decimals, in the minor units of a currency with none or three. */
const scaled = (cents: number, currency: Currency): Money =>
  money(Math.round(cents * 10 ** (minorDigits(currency) - 2)), currency);

/**
 * The totals of an order's lines: shipping is 4.90, free from 50.00 on.
 * Prices include tax, so that none is added; pricing by country and coupon replaces this function.
 */
export const totalsOf = (lineTotals: readonly Money[], currency: Currency): Totals => {
  const subtotal = sumMoney(lineTotals, currency);
  const free = subtotal.amount >= scaled(5000, currency).amount;
  const shipping = free ? money(0, currency) : scaled(490, currency);
  return {
    subtotal,
    discount: money(0, currency),
    shipping,
    tax: money(0, currency),
    total: addMoney(subtotal, shipping),
  };
};
