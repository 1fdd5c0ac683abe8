// One hash tag for all that a script touches together: a Redis Cluster then keeps it on one node.
const TAG = '{cart}';

/** Every key of the cart service in redis-state. */
export const cartKeys = {
  cart: (cartId: string): string => `${TAG}:c:${cartId}`,
  priceBook: `${TAG}:price-book`,
  products: `${TAG}:price-book:products`,
  outbox: `${TAG}:outbox`,
  outboxLease: `${TAG}:outbox:leader`,
  inbox: (eventId: string): string => `${TAG}:inbox:${eventId}`,
  request: (cartId: string, idempotencyKey: string): string => `${TAG}:request:${cartId}:${idempotencyKey}`,
} as const;
