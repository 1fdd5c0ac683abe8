import {
  couponChanged, orderCancelled, orderDelivered, orderExpired, orderPaid, orderPlaced, orderRefunded, orderRejected, orderReturnRequested,
  orderShipped, paymentFailed, paymentRefunded, paymentSucceeded,
} from './order-events.ts';
import {
  auditRecorded, cartAbandoned, cartMerged, notificationFailed, userDeviceAdded, userErased, userLocked,
  userPasswordResetRequested, userRegistered, userVerified, wishlistPriceDropped,
} from './people-events.ts';
import {
  imageFailed, imageProcessed, productCreated, productDeleted, productPriceChanged, productUpdated, reviewCreated,
  stockAvailabilityChanged, stockCommitted, stockLow, stockRejected, stockReleased, stockReserved,
} from './product-events.ts';

/** Every event of the shop. What is not in this list cannot be sent, received or documented. */
export const events = [
  productCreated, productUpdated, productDeleted, productPriceChanged,
  orderPlaced, orderPaid, orderRejected, orderCancelled, orderExpired, orderShipped, orderDelivered, orderReturnRequested, orderRefunded,
  stockReserved, stockRejected, stockReleased, stockCommitted, stockLow, stockAvailabilityChanged,
  paymentSucceeded, paymentFailed, paymentRefunded,
  cartMerged, cartAbandoned, wishlistPriceDropped, couponChanged,
  userRegistered, userVerified, userPasswordResetRequested, userLocked, userDeviceAdded, userErased,
  imageProcessed, imageFailed, reviewCreated,
  notificationFailed, auditRecorded,
] as const;
