import { freshDatabase } from '@shopfleet/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check } from '../src/check.ts';
import { openBooks, type ProviderTotals, type ShopBooks } from '../src/shop-books.ts';
import { underWay } from '../src/settled.ts';

let books: ShopBooks;
let provider: Record<string, ProviderTotals>;

interface Row {
  readonly _id: string;
  readonly [field: string]: unknown;
}
const eur = (amount: number): object => ({ amount, currency: 'EUR' });
const put = async (database: ShopBooks['order'], collection: string, ...rows: Row[]): Promise<void> => void (await database.collection<Row>(collection).insertMany(rows));
const change = async (database: ShopBooks['order'], collection: string, _id: string, $set: Record<string, unknown>): Promise<void> => void (await database.collection<Row>(collection).updateOne({ _id }, { $set }));
const brokenRules = async (): Promise<string[]> => (await check(books)).filter(({ difference }) => difference !== 0).map(({ rule }) => rule);

/** A small shop whose books agree: one order paid, one paid and partly returned, one cancelled after payment, one refused. */
beforeEach(async () => {
  const [orderUri, productUri] = [freshDatabase(), freshDatabase()];
  const opened = await openBooks({ orderUri, productUri, otherUris: [], paymentUrl: 'http://127.0.0.1:9' });
  provider = { EUR: { payments: 4, captured: 6000, refunded: 4000 } };
  books = { ...opened, provider: { ...opened.provider, totals: () => Promise.resolve(provider) } };
  const order = (_id: string, status: string, quantity: number, more: object = {}): Row => ({
    _id, status, lines: [{ sku: 'LAMP', quantity }], totals: { total: eur(quantity * 1000) }, refunded: eur(0), returns: [], timeline: [{ status: 'pending' }, { status: 'paid' }], ...more,
  });
  await put(books.order, 'orders',
    order('ord_1', 'paid', 1),
    order('ord_2', 'delivered', 2, { refunded: eur(1000), returns: [{ id: 'ret_1', status: 'refunded', lines: [{ sku: 'LAMP', quantity: 1 }] }] }),
    order('ord_3', 'cancelled', 2, { refunded: eur(2000) }),
    order('ord_4', 'expired', 1, { timeline: [{ status: 'pending' }, { status: 'expired' }] }),
  );
  const payment = (_id: string, orderId: string, amount: number, promised = 0, status = 'captured'): Row => ({ _id, orderId, status, amount: eur(amount), promised });
  await put(books.order, 'payments', payment('pay_1', 'ord_1', 1000), payment('pay_2', 'ord_2', 2000, 1000), payment('pay_3', 'ord_3', 2000, 2000), payment('pay_4', 'ord_4', 1000, 1000, 'late'));
  const refund = (_id: string, orderId: string, paymentId: string, amount: number): Row => ({ _id, orderId, paymentId, status: 'done', amount: eur(amount) });
  await put(books.order, 'refunds', refund('ref_2', 'ord_2', 'pay_2', 1000), refund('ref_3', 'ord_3', 'pay_3', 2000), refund('ref_4', 'ord_4', 'pay_4', 1000));
  await put(books.product, 'stock', { _id: 'LAMP', onHand: 98, reserved: 0 });
  const move = (_id: string, kind: string, onHand: number, reserved: number, orderId?: string): Row => ({ _id, sku: 'LAMP', kind, onHand, reserved, ...(orderId !== undefined && { orderId }) });
  await put(books.product, 'stock_movements',
    move('mov_0', 'receipt', 100, 0),
    move('mov_1', 'hold', 0, 1, 'ord_1'), move('mov_2', 'commit', -1, -1, 'ord_1'),
    move('mov_3', 'hold', 0, 2, 'ord_2'), move('mov_4', 'commit', -2, -2, 'ord_2'), move('mov_5', 'return', 1, 0, 'ord_2'),
    move('mov_6', 'hold', 0, 2, 'ord_3'), move('mov_7', 'commit', -2, -2, 'ord_3'), move('mov_8', 'return', 2, 0, 'ord_3'),
    move('mov_9', 'hold', 0, 1, 'ord_4'), move('mov_10', 'release', 0, -1, 'ord_4'),
  );
});
afterEach(() => books.close());

describe('books that agree', () => {
  it('break no rule', async () => {
    expect(await brokenRules()).toEqual([]);
  });
});

describe('a planted difference', () => {
  const past = new Date(Date.now() - 60_000);
  const plants: Record<string, { readonly plant: () => Promise<void>; readonly found: RegExp }> = {
    'a second capture of one order': { plant: () => put(books.order, 'payments', { _id: 'pay_9', orderId: 'ord_1', status: 'captured', amount: eur(1000), promised: 0 }), found: /at most one capture/ },
    'a charge that the shop does not know': { plant: async () => void (provider = { EUR: { payments: 5, captured: 7000, refunded: 4000 } }), found: /captured at the provider/ },
    'a refund that the shop does not know': { plant: async () => void (provider = { EUR: { payments: 4, captured: 6000, refunded: 4500 } }), found: /refunded by the provider/ },
    'a paid order without its money': { plant: async () => void (await books.order.collection<Row>('payments').deleteOne({ _id: 'pay_1' })), found: /has one capture of its total/ },
    'a cancelled order that kept the money': { plant: () => change(books.order, 'orders', 'ord_3', { refunded: eur(0) }), found: /keeps nothing/ },
    'a refund above the capture': { plant: () => put(books.order, 'refunds', { _id: 'ref_9', orderId: 'ord_1', paymentId: 'pay_1', status: 'done', amount: eur(1001) }), found: /never exceed/ },
    'a total that does not add up': { plant: () => change(books.order, 'orders', 'ord_1', { 'totals.total': eur(999) }), found: /captures − refunds/ },
    'something that reconciliation could not mend': { plant: () => put(books.order, 'payment_discrepancies', { _id: 'unknown-payment:pay_x' }), found: /reconciliation/ },
    'a piece that nobody took': { plant: () => change(books.product, 'stock', 'LAMP', { onHand: 97 }), found: /Σ ledger = Σ on hand/ },
    'a piece sold twice': { plant: () => put(books.product, 'stock_movements', { _id: 'mov_x', sku: 'LAMP', kind: 'commit', onHand: -1, reserved: -1, orderId: 'ord_1' }), found: /applied once: one hold/ },
    'an order that never left the shelf': { plant: () => change(books.order, 'orders', 'ord_4', { status: 'paid', timeline: [{ status: 'paid' }] }), found: /committed − Σ returned/ },
    'a shelf below nothing': { plant: () => change(books.product, 'stock', 'LAMP', { onHand: -1 }), found: /on hand ≥ reserved/ },
    'pieces reserved for nobody': { plant: () => change(books.product, 'stock', 'LAMP', { reserved: 3 }), found: /what holds hold/ },
    'a hold past its end': { plant: () => put(books.product, 'holds', { _id: 'ord_9', state: 'held', lines: [], expiresAt: past }), found: /hold past its end/ },
    'an event that nobody publishes': { plant: () => put(books.order, 'outbox', { _id: 'evt_9', status: 'pending', createdAt: past }), found: /unpublished outbox row/ },
    'an order that was paid twice': { plant: () => change(books.order, 'orders', 'ord_1', { timeline: [{ status: 'paid' }, { status: 'paid' }] }), found: /one final outcome/ },
  };
  it.each(Object.entries(plants))('%s is found', async (_, { plant, found }) => {
    await plant();
    expect((await brokenRules()).filter((rule) => found.test(rule))).not.toEqual([]);
  });

  it('in flight is counted apart', async () => {
    await put(books.order, 'orders', { _id: 'ord_8', status: 'awaiting_payment', timeline: [], lines: [], totals: { total: eur(1) } });
    await put(books.order, 'payments', { _id: 'pay_8', orderId: 'ord_8', status: 'pending', amount: eur(1) });
    expect(await underWay(books)).toMatchObject({ sagas: 1, payments: 1, refunds: 0 });
    expect(await brokenRules()).toEqual([]);
  });
});
