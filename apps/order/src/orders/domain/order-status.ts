import { AppError } from '@shopfleet/kernel';

/** Where an order stands. The names are those of the API. */
export type OrderStatus =
  | 'pending'
  | 'reserved'
  | 'awaiting_payment'
  | 'paid'
  | 'fulfilling'
  | 'shipped'
  | 'delivered'
  | 'return_requested'
  | 'returned'
  | 'refunded'
  | 'rejected'
  | 'payment_failed'
  | 'expired'
  | 'cancelled';

/** From each status, the statuses that may follow. What is not listed is illegal. */
export const orderTransitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['reserved', 'rejected', 'cancelled'],
  reserved: ['awaiting_payment', 'expired', 'cancelled'],
  awaiting_payment: ['paid', 'payment_failed', 'expired', 'cancelled'],
  paid: ['fulfilling', 'shipped', 'cancelled'],
  fulfilling: ['shipped', 'cancelled'],
  shipped: ['delivered'],
  delivered: ['return_requested'],
  return_requested: ['returned', 'delivered'],
  // A part that came back leaves the rest delivered; only the last of it makes the order refunded.
  returned: ['refunded', 'delivered'],
  refunded: [],
  rejected: [],
  payment_failed: ['awaiting_payment'],
  expired: [],
  cancelled: [],
};

/** All statuses, in the order in which an order passes them. */
export const orderStatuses = Object.keys(orderTransitions) as [OrderStatus, ...OrderStatus[]];

/** True while the checkout has not come to its outcome. */
export const isUndecided = (status: OrderStatus): boolean =>
  status === 'pending' || status === 'reserved' || status === 'awaiting_payment';

/** So long an order needs to know whose it is and where it goes; afterwards an erasure of the account takes both. */
export const statusesOnTheWay: readonly OrderStatus[] = ['pending', 'reserved', 'awaiting_payment', 'paid', 'fulfilling', 'shipped'];

/** True when the table lets `from` be followed by `to`. */
export const canFollow = (from: OrderStatus, to: OrderStatus): boolean => orderTransitions[from].includes(to);

/** @throws AppError `invalid-transition` when the table does not allow it. */
export const assertTransition = (from: OrderStatus, to: OrderStatus): void => {
  if (canFollow(from, to)) return;
  const possible = orderTransitions[from];
  throw new AppError('invalid-transition', {
    detail:
      `An order that is ${readable(from)} cannot become ${readable(to)}. ` +
      (possible.length === 0 ? 'It has come to its end.' : `It can become ${possible.map(readable).join(' or ')}.`),
  });
};

const readable = (status: OrderStatus): string => status.replaceAll('_', ' ');
