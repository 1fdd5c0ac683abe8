import { AppError } from '@shopfleet/kernel';
import { MOST_LINES, MOST_PIECES } from './cart.ts';
import type { Change, ChangeStatus } from './cart.store.ts';

/** What was asked for, to be named in the message. */
export interface Asked {
  readonly sku?: string;
  readonly lineId?: string;
}

/** The error for a change that was refused; undefined for one that was made. */
export function refusalOf({ status, cart }: Change, { sku, lineId }: Asked = {}): AppError | undefined {
  const refusals: Readonly<Record<ChangeStatus, (() => AppError) | undefined>> = {
    ok: undefined,
    partly: undefined,
    'unknown-sku': () => {
      const detail = `There is nothing for sale under the SKU "${sku}". Take one from the variants of a product.`;
      return new AppError('validation-failed', { detail, errors: [{ pointer: '/sku', message: 'is not for sale' }] });
    },
    'no-line': () => new AppError('not-found', { detail: `The cart has no line ${lineId}. Read the cart again for its lines.` }),
    stale: () =>
      new AppError('precondition-failed', {
        detail: `The cart was changed meanwhile: it is at version ${cart.version}. Read it again, then repeat the change.`,
      }),
    currency: () =>
      new AppError('conflict', {
        detail: `All lines of a cart share one currency, and this cart is in ${cart.currency}. Order or empty it first.`,
      }),
    'too-many-lines': () =>
      new AppError('conflict', { detail: `A cart holds at most ${MOST_LINES} different articles. Remove one first.` }),
    'too-many-pieces': () =>
      new AppError('conflict', { detail: `A line holds at most ${MOST_PIECES} pieces. Choose a smaller quantity.` }),
    'key-reused': () =>
      new AppError('idempotency-mismatch', {
        detail: 'This Idempotency-Key was used for another request. Use a new key for every new request.',
      }),
  };
  return refusals[status]?.();
}
