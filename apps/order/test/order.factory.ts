import { money } from '@shopfleet/kernel';
import { placeOrder, type Order, type PlaceOrder } from '../src/orders/domain/order.ts';

/** A valid request to place an order of two pieces at 19.99. */
export const aPlacement = (overrides: Partial<PlaceOrder> = {}): PlaceOrder => ({
  number: 'SF-7K3M-9Q2P',
  userId: 'usr_1',
  cart: { id: 'crt_1', version: 3 },
  contact: { email: 'customer@example.com', locale: 'en' },
  shippingAddress: { name: 'Ada Example', line1: '1 Example Street', city: 'Exampleton', postalCode: '12345', country: 'DE' },
  paymentToken: 'tok_ok',
  lines: [{ sku: 'A-1', productId: 'prd_1', name: 'Lamp', variantName: 'red', quantity: 2, price: money(1999, 'EUR'), taxClass: 'standard', weightGrams: 100 }],
  at: new Date('2026-01-01T12:00:00Z'),
  ...overrides,
});

/** A pending order. */
export const anOrder = (overrides: Partial<Order> = {}): Order => ({ ...placeOrder(aPlacement()).order, ...overrides });
