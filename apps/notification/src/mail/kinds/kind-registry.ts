import { accountLocked } from './account-locked.ts';
import { cartAbandonedKind } from './cart-abandoned.ts';
import { deliveryFailed } from './delivery-failed.ts';
import { imageFailedKind } from './image-failed.ts';
import type { Kind } from './kind.ts';
import { newDevice } from './new-device.ts';
import { opsAlert } from './ops-alert.ts';
import { orderCancelledKind } from './order-cancelled.ts';
import { orderDeliveredKind } from './order-delivered.ts';
import { orderPaidKind } from './order-paid.ts';
import { orderPlacedKind } from './order-placed.ts';
import { orderRefundedKind } from './order-refunded.ts';
import { orderRejectedKind } from './order-rejected.ts';
import { orderShippedKind } from './order-shipped.ts';
import { priceDroppedKind } from './price-dropped.ts';
import { resetPassword } from './reset-password.ts';
import { stockLowKind } from './stock-low.ts';
import { verifyEmail } from './verify-email.ts';
import { welcome } from './welcome.ts';

/** Every kind of message the shop writes. */
export const allKinds: readonly Kind[] = [
  accountLocked, cartAbandonedKind, deliveryFailed, imageFailedKind, newDevice, opsAlert, orderCancelledKind, orderDeliveredKind, orderPaidKind, orderPlacedKind, orderRefundedKind, orderRejectedKind, orderShippedKind,
  priceDroppedKind, resetPassword, stockLowKind, verifyEmail, welcome,
];

/** Kinds that a person chooses about. */
export const personalKinds: readonly Kind[] = allKinds.filter(({ forStaff }) => forStaff !== true);

const byName = new Map(allKinds.map((kind) => [kind.name, kind]));

/** The kind of a stored mail. @throws Error for one that this release does not know. */
export function kindNamed(name: string): Kind {
  const kind = byName.get(name);
  if (kind === undefined) throw new Error(`there is no kind of message called ${name}`);
  return kind;
}
