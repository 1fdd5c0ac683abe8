import type { Currency } from '@shopfleet/kernel';
import { wasPaid, type Order } from '../orders/domain/order.ts';

/** What orders of one day and currency come to; amounts in minor units. */
export interface Sales {
  readonly orders: number;
  readonly pieces: number;
  readonly revenue: number;
  readonly discount: number;
  readonly shipping: number;
  readonly tax: number;
  readonly refunded: number;
  /** Paid, then called off. */
  readonly cancelled: number;
}

/** One order's part in the statistics. */
export interface Contribution extends Sales {
  /** `2026-11-21:EUR`: the day in UTC on which it was paid. */
  readonly row: string;
}

export const salesFields = ['orders', 'pieces', 'revenue', 'discount', 'shipping', 'tax', 'refunded', 'cancelled'] as const;

/** The row of a day and currency. */
export const rowOf = (day: string, currency: Currency): string => `${day}:${currency}`;

/** What an order adds to the statistics as it is now; undefined when it was never paid. */
export const contributionOf = (order: Order): Contribution | undefined => {
  const paid = order.timeline.find(({ status }) => status === 'paid');
  if (!paid || !wasPaid(order)) return undefined;
  const { total, discount, shipping, tax } = order.totals;
  return {
    row: rowOf(paid.at.toISOString().slice(0, 10), total.currency),
    orders: 1,
    pieces: order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    revenue: total.amount,
    discount: discount.amount,
    shipping: shipping.amount,
    tax: tax.amount,
    refunded: order.refunded.amount,
    cancelled: order.status === 'cancelled' ? 1 : 0,
  };
};

/** What has to be added to a row to turn one contribution into another. */
export const differenceOf = (before: Contribution | undefined, after: Contribution): Sales =>
  Object.fromEntries(salesFields.map((field) => [field, after[field] - (before?.[field] ?? 0)])) as unknown as Sales;
