export { asyncApiDocument } from './asyncapi.ts';
export { ContractError, type ContractViolation } from './contract-error.ts';
export { couponNewsOf, isUsedUp, type CouponRow } from './coupon-row.ts';
export { createEvent, type NewEvent } from './create-event.ts';
export { defineEvent, type EventDefinition } from './define-event.ts';
export { envelopeSchema, type Envelope, type EventOf } from './envelope.ts';
export { events } from './events.ts';
export { exampleOf } from './example.ts';
export {
  couponChanged, orderCancelled, orderDelivered, orderExpired, orderPaid, orderPlaced, orderRefunded, orderRejected, orderReturnRequested,
  orderShipped, paymentFailed, paymentRefunded, paymentSucceeded,
} from './order-events.ts';
export { parseEvent, type AnyEvent } from './parse-event.ts';
export {
  auditRecorded, cartAbandoned, cartMerged, notificationFailed, userDeviceAdded, userErased, userLocked,
  userPasswordResetRequested, userRegistered, userVerified, wishlistPriceDropped,
} from './people-events.ts';
export {
  imageFailed, imageProcessed, productCreated, productDeleted, productPriceChanged, productUpdated, reviewCreated,
  stockAvailabilityChanged, stockCommitted, stockLow, stockRejected, stockReleased, stockReserved,
} from './product-events.ts';
export {
  addressSchema, contactSchema, countrySchema, couponBenefitSchema, couponCodeSchema, idSchema, instantSchema, localeSchema, moneySchema, orderLineSchema, priceBookEntry, quantitySchema,
  shortageSchema, skuSchema, stockLineSchema, totalsSchema, versionSchema,
  type Address, type Contact, type OrderLine, type PriceBookEntry, type Shortage, type StockLine, type Totals,
} from './schemas.ts';
export { isUnheard, producerOf, subscriptions, type EventService, type EventType } from './subscriptions.ts';
