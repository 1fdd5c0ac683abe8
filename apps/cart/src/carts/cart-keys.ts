// One hash tag for all that a script touches together: a Redis Cluster then keeps it on one node.
const TAG = '{cart}';

/** Every key of the cart service in redis-state. */
export const cartKeys = {
  cart: (cartId: string): string => `${TAG}:c:${cartId}`,
  /** Customers' ids by the second in which their cart was last changed. */
  touched: `${TAG}:touched`,
  priceBook: `${TAG}:price-book`,
  products: `${TAG}:price-book:products`,
  /** SKU → `{"version", "inStock"}`; an unknown SKU is taken to be in stock. */
  availability: `${TAG}:availability`,
  /** Code → the coupon as the order service last said. */
  coupons: `${TAG}:coupons`,
  /** SKU → `amount|currency|second` of a customer's wishes. */
  wishes: (userId: string): string => `${TAG}:wishes:${userId}`,
  /** Customers who wish for a SKU, by the price of their wish. */
  wishers: (sku: string): string => `${TAG}:wishers:${sku}`,
  outbox: `${TAG}:outbox`,
  outboxLease: `${TAG}:outbox:leader`,
  inbox: (eventId: string): string => `${TAG}:inbox:${eventId}`,
  request: (cartId: string, idempotencyKey: string): string => `${TAG}:request:${cartId}:${idempotencyKey}`,
} as const;
