import type { Money } from '@shopfleet/kernel';
import type { Tracking } from './order.ts';
import type { ReturnedLine } from './returns.ts';

/**
 * What happened to an order, in the words of the domain. The recorder turns each into the event of the contract,
 * with the order's own data.
 */
export type OrderEvent =
  | { readonly type: 'placed' }
  | { readonly type: 'rejected' | 'expired' | 'cancelled'; readonly reason: string }
  | { readonly type: 'payment-succeeded' | 'paid'; readonly paymentId: string }
  | { readonly type: 'payment-failed'; readonly paymentId: string; readonly reason: string }
  | { readonly type: 'shipped'; readonly tracking: Tracking | undefined }
  | { readonly type: 'delivered' }
  | { readonly type: 'return-requested'; readonly returnId: string; readonly lines: readonly ReturnedLine[]; readonly reason: string }
  | { readonly type: 'payment-refunded'; readonly paymentId: string; readonly refundId: string; readonly amount: Money; readonly reason: string }
  | { readonly type: 'refunded'; readonly refundId: string; readonly amount: Money; readonly restock: readonly ReturnedLine[]; readonly reason: string };
