import type { events } from './events.ts';

/** The type of any event of the shop. */
export type EventType = (typeof events)[number]['type'];

/** A service that takes part in the exchange of events. */
export type EventService = 'auth' | 'cart' | 'notification' | 'order' | 'product';

/**
 * Who hears what: the bindings of the whole shop as data. Migrations declare them before any service starts, so that an
 * event finds its queue also when its consumer was never up; a test holds this table against the handlers in the code.
 */
export const subscriptions: Readonly<Record<EventService, readonly EventType[]>> = {
  auth: ['audit.recorded.v1'],
  cart: ['coupon.changed.v1', 'order.paid.v1', 'product.created.v1', 'product.deleted.v1', 'product.price-changed.v1', 'product.updated.v1', 'stock.availability-changed.v1', 'user.erased.v1'],
  notification: [
    'cart.abandoned.v1', 'image.failed.v1', 'image.processed.v1', 'notification.failed.v1', 'order.cancelled.v1', 'order.delivered.v1', 'order.expired.v1', 'order.paid.v1', 'order.placed.v1', 'order.refunded.v1',
    'order.rejected.v1', 'order.shipped.v1', 'stock.low.v1', 'user.device-added.v1', 'user.erased.v1', 'user.locked.v1',
    'user.password-reset-requested.v1', 'user.registered.v1', 'user.verified.v1', 'wishlist.price-dropped.v1',
  ],
  order: ['product.created.v1', 'product.deleted.v1', 'product.price-changed.v1', 'product.updated.v1', 'stock.rejected.v1', 'stock.reserved.v1', 'user.erased.v1'],
  product: [
    'image.processed.v1', 'order.cancelled.v1', 'order.expired.v1', 'order.paid.v1', 'order.placed.v1', 'order.refunded.v1', 'order.rejected.v1',
    'product.created.v1', 'product.deleted.v1', 'product.updated.v1',
  ],
};

/**
 * Events that are told though no service of the shop listens; whoever binds a queue of its own for one gets it. The
 * broker drops them else, while an event that should have a queue and has none is kept for an operator.
 */
export const isUnheard = (type: EventType): boolean => !Object.values(subscriptions).some((heard) => heard.includes(type));

const sourceOfNoun: Readonly<Record<string, EventService | 'any'>> = {
  audit: 'any', cart: 'cart', coupon: 'order', image: 'product', notification: 'notification', order: 'order', payment: 'order',
  product: 'product', review: 'product', stock: 'product', user: 'auth', wishlist: 'cart',
};

/**
 * The service that tells of an event, by its noun; `any` for what each service may say.
 *
 * @throws Error for a noun that no service owns.
 * @example producerOf('stock.low.v1') // 'product'
 */
export function producerOf(type: string): EventService | 'any' {
  const noun = type.slice(0, type.indexOf('.'));
  const service = sourceOfNoun[noun];
  if (service === undefined) throw new Error(`no service is known to tell of ${noun}: name it in libs/contracts/src/subscriptions.ts`);
  return service;
}
