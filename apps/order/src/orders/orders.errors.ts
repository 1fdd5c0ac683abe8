import { AppError } from '@shopfleet/kernel';
import type { Order } from './domain/order.ts';

/** The same answer for an order that is not there and for somebody else's. */
export const orderNotFound = (id: string): AppError =>
  new AppError('not-found', { detail: `There is no order ${id} that you may see. Log in as its customer, or send the X-Order-Token of a guest's order.` });

/** Why a checkout did not end in a paid order. */
export const checkoutFailed = (order: Order): AppError => {
  const about = { orderId: order.id, number: order.number };
  if (order.status === 'rejected') {
    return new AppError('out-of-stock', {
      detail: `Not everything is in stock: ${order.shortages.map(({ sku, available }) => `${available} left of ${sku}`).join(', ')}. Change the cart and order again.`,
      extensions: { ...about, shortages: order.shortages },
    });
  }
  if (order.status === 'payment_failed') {
    return new AppError('payment-declined', {
      detail: 'The payment was declined and nothing was charged. Order again with another means of payment.',
      extensions: about,
    });
  }
  return new AppError('conflict', {
    detail: `The order is ${order.status.replaceAll('_', ' ')} and nothing will be charged. Order again if you still want it.`,
    extensions: about,
  });
};
