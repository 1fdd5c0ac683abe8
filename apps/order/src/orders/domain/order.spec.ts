import { AppError, money } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { anOrder, aPlacement } from '../../../test/order.factory.ts';
import {
  awaitsStock,
  cancelOrder,
  confirmPayment,
  declinePayment,
  deliverOrder,
  endedWithoutPayment,
  expireOrder,
  holdStock,
  placeOrder,
  refuseLateHold,
  rejectForStock,
  shipOrder,
} from './order.ts';

const at = new Date('2026-01-01T12:00:00Z');
const later = new Date('2026-01-01T12:15:00Z');
const types = (events: readonly { type: string }[]): string[] => events.map((event) => event.type);

describe('placeOrder', () => {
  it('prices each line and the whole', () => {
    const { order, events } = placeOrder(aPlacement());
    expect(order.lines[0]?.lineTotal).toEqual(money(3998, 'EUR'));
    expect(order.totals.subtotal).toEqual(money(3998, 'EUR'));
    expect(order.totals.shipping).toEqual(money(490, 'EUR'));
    expect(order.totals.total).toEqual(money(4488, 'EUR'));
    expect(order).toMatchObject({ status: 'pending', version: 1 });
    expect(types(events)).toEqual(['placed']);
  });

  it('refuses an empty cart', () => {
    expect(() => placeOrder(aPlacement({ lines: [] }))).toThrow(/cart is empty/);
  });

  it('refuses two currencies in one order', () => {
    const [line] = aPlacement().lines;
    if (!line) throw new Error('the factory gives a line');
    const lines = [line, { ...line, sku: 'OTHER', price: money(100, 'JPY') }];
    expect(() => placeOrder(aPlacement({ lines }))).toThrow(/several currencies/);
  });

  it('refuses a total the shopper did not see, and says which it is', () => {
    const refusal = catchError(() => placeOrder(aPlacement({ expectedTotal: money(1, 'EUR') })));
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'price-changed', extensions: { total: money(4488, 'EUR') } });
  });
});

describe('an order on its way', () => {
  const placed = anOrder();
  const waiting = holdStock(placed, later, at).order;
  const paid = confirmPayment(waiting, 'pay_1', at).order;

  it('waits for the payment once the stock is held', () => {
    expect(waiting).toMatchObject({ status: 'awaiting_payment', version: 2, holdExpiresAt: later });
    expect(waiting.timeline.map((entry) => entry.status)).toEqual(['pending', 'reserved', 'awaiting_payment']);
  });

  it('tells of the payment and then of the paid order', () => {
    expect(types(confirmPayment(waiting, 'pay_1', at).events)).toEqual(['payment-succeeded', 'paid']);
  });

  it('gives the stock back when the payment is declined', () => {
    const { order, events } = declinePayment(waiting, 'pay_1', 'insufficient funds', at);
    expect(order).toMatchObject({ status: 'payment_failed', reason: 'payment-declined' });
    expect(types(events)).toEqual(['payment-failed', 'cancelled']);
  });

  it('keeps what was short when it is rejected', () => {
    const shortages = [{ sku: 'A-1', requested: 2, available: 1 }];
    expect(rejectForStock(placed, shortages, at).order).toMatchObject({ status: 'rejected', shortages });
  });

  it('expires with its hold', () => {
    expect(types(expireOrder(waiting, at).events)).toEqual(['expired']);
  });

  it('is shipped and delivered', () => {
    const tracking = { carrier: 'Parcel Example', code: 'PE0001' };
    const shipped = shipOrder(paid, tracking, 'usr_staff', at).order;
    expect(shipped).toMatchObject({ status: 'shipped', tracking });
    expect(deliverOrder(shipped, 'usr_staff', at).order.status).toBe('delivered');
  });

  it('can be cancelled until it is shipped', () => {
    for (const order of [placed, waiting, paid]) {
      expect(cancelOrder(order, 'usr_1', 'changed my mind', at).order.status).toBe('cancelled');
    }
    const shipped = shipOrder(paid, undefined, 'usr_staff', at).order;
    expect(() => cancelOrder(shipped, 'usr_1', 'too late', at)).toThrow(/cannot become cancelled/);
  });

  it('rejects a second cancellation', () => {
    const cancelled = cancelOrder(placed, 'usr_1', 'changed my mind', at).order;
    expect(() => cancelOrder(cancelled, 'usr_1', 'again', at)).toThrow(/come to its end/);
  });

  it('says again that it is over when stock is held for it too late', () => {
    const cancelled = cancelOrder(placed, 'usr_1', 'changed my mind', at).order;
    expect(awaitsStock(cancelled)).toBe(false);
    expect(endedWithoutPayment(cancelled)).toBe(true);
    expect(refuseLateHold(cancelled)).toEqual({ order: cancelled, events: [{ type: 'cancelled', reason: 'changed my mind' }] });
  });
});

const catchError = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};
