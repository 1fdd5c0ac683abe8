import { encodeCursor } from '@shopfleet/kernel';
import type { Order } from './domain/order.ts';
import type { OrderListView, OrderView, TimelineView } from './orders.schema.ts';

/** What a client is shown of an order: nothing of payment tokens, carts or versions. */
export const presentOrder = (order: Order): OrderView => ({
  id: order.id,
  number: order.number,
  status: order.status,
  lines: order.lines.map(({ sku, productId, name, variantName, quantity, unitPrice, lineTotal, discount, taxRate, tax }) => ({
    sku,
    productId,
    name,
    ...(variantName !== undefined && { variantName }),
    quantity,
    unitPrice,
    lineTotal,
    discount,
    taxRate,
    tax,
  })),
  totals: order.totals,
  ...(order.couponCode !== undefined && { couponCode: order.couponCode }),
  shippingMethod: order.shippingMethod,
  shippingAddress: order.shippingAddress,
  ...(order.contact && { contact: order.contact }),
  ...(order.tracking && { tracking: order.tracking }),
  ...(order.refunded.amount > 0 && { refunded: order.refunded }),
  ...(order.returns.length > 0 && {
    returns: order.returns.map(({ id, lines, reason, status, requestedAt }) => ({ id, lines: [...lines], reason, status, requestedAt: requestedAt.toISOString() })),
  }),
  ...(order.reason !== undefined && { reason: order.reason }),
  ...(order.shortages.length > 0 && { shortages: [...order.shortages] }),
  createdAt: order.createdAt.toISOString(),
  updatedAt: order.updatedAt.toISOString(),
});

/** A page and the cursor of the next; `found` holds one more than `limit` when there is a next. */
export const presentList = (found: readonly Order[], limit: number): OrderListView => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(presentOrder),
    pagination: {
      limit,
      ...(found.length > limit && last && { nextCursor: encodeCursor([last.createdAt.getTime(), last.id]) }),
    },
  };
};

/** The story of an order; staff are not named to customers. */
export const presentTimeline = (order: Order): TimelineView => ({
  items: order.timeline.map(({ status, at, by, note }) => ({
    status,
    at: at.toISOString(),
    by: by === 'shop' ? 'shop' : by === (order.userId ?? 'guest') ? 'customer' : 'staff',
    ...(note !== undefined && { note }),
  })),
});
