import {
  orderCancelled, orderDelivered, orderExpired, orderPaid, orderPlaced, orderRefunded, orderRejected, orderReturnRequested,
  orderShipped, paymentFailed, paymentRefunded, paymentSucceeded,
} from './order-events.ts';
import {
  auditRecorded, cartAbandoned, cartMerged, notificationFailed, userDeviceAdded, userErased, userLocked,
  userPasswordResetRequested, userRegistered, userVerified,
} from './people-events.ts';
import {
  imageFailed, imageProcessed, productCreated, productDeleted, productPriceChanged, productUpdated, reviewCreated,
  stockCommitted, stockLow, stockRejected, stockReleased, stockReserved,
} from './product-events.ts';

/** Every event of the shop. What is not in this list cannot be sent, received or documented. */
export const events = [
  productCreated, productUpdated, productDeleted, productPriceChanged,
  orderPlaced, orderPaid, orderRejected, orderCancelled, orderExpired, orderShipped, orderDelivered, orderReturnRequested, orderRefunded,
  stockReserved, stockRejected, stockReleased, stockCommitted, stockLow,
  paymentSucceeded, paymentFailed, paymentRefunded,
  cartMerged, cartAbandoned,
  userRegistered, userVerified, userPasswordResetRequested, userLocked, userDeviceAdded, userErased,
  imageProcessed, imageFailed, reviewCreated,
  notificationFailed, auditRecorded,
] as const;
