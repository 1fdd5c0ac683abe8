import { Guest, seeded, shuffled } from '@shopfleet/shoppers';
import { eventually } from '@shopfleet/testing';
import type { Envelope } from '@shopfleet/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counts } from '../src/counts.ts';
import { openShop, publishAll, type FaultShop } from '../src/shop.ts';
import { wrongIn } from '../src/verdict.ts';

let shop: FaultShop;

beforeAll(async () => {
  shop = await openShop({ orderWorkers: 4, simulator: { PAYMENT_TIMEOUT_MS: '6000' } });
  await shop.sell('PLENTY', 1_000_000);
}, 300_000);
afterAll(() => shop.close());

const statuses = async (sku: string): Promise<Record<string, number>> => {
  const rows = await shop.books.order.collection('orders').aggregate<{ _id: string; count: number }>([{ $match: { 'lines.sku': sku } }, { $group: { _id: '$status', count: { $sum: 1 } } }]).toArray();
  return Object.fromEntries(rows.map(({ _id, count }) => [_id, count]));
};
const succeeded = async (orderId = ''): Promise<number> => (await shop.books.provider.payments(orderId)).filter(({ status }) => status === 'succeeded').length;

describe('stock 10 and 200 checkouts at once over 4 workers', () => {
  it.each(Array.from({ length: counts.seeds }, (_, n) => counts.seed + n))('sells exactly 10 (seed %d)', async (seed) => {
    const random = seeded(seed);
    const sku = `RARE-${seed}`;
    await shop.sell(sku, 10);
    const guests: Guest[] = [];
    for (let made = 0; made < 200; made += 20) guests.push(...(await Promise.all(Array.from({ length: 20 }, () => new Guest(shop.front).fill(sku)))));
    const answers = await Promise.all(shuffled(random, guests).map((guest) => guest.orderUntilAnswered('tok_ok', 10)));
    await eventually(async () => expect(await statuses(sku)).toEqual({ paid: 10, rejected: 190 }), { timeoutMs: 60_000, intervalMs: 250 });
    expect(answers.filter(({ status }) => ![201, 202, 409].includes(status))).toEqual([]);
    expect(await wrongIn(shop)).toEqual([]);
    expect(await shop.books.product.collection<{ _id: string }>('stock').findOne({ _id: sku })).toMatchObject({ onHand: 0, reserved: 0 });
  }, 600_000);
});

describe('one key', () => {
  it('sent 50 times at once makes one order, one capture and identical answers', async () => {
    const guest = await new Guest(shop.front).fill('PLENTY');
    const answers = await Promise.all(Array.from({ length: 50 }, () => guest.orderUntilAnswered('tok_ok', 8)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await succeeded(answers[0]?.body.id)).toBe(1);
    expect(await wrongIn(shop)).toEqual([]);
  }, 120_000);

  it('of clients that hang up after 50 ms and try again makes one order each', async () => {
    const guests = await Promise.all(Array.from({ length: 30 }, () => new Guest(shop.front).fill('PLENTY')));
    let hungUp = 0;
    await Promise.all(guests.map((guest) => guest.order('tok_ok', { wait: 8, signal: AbortSignal.timeout(50) }).catch(() => (hungUp += 1))));
    expect(hungUp).toBeGreaterThan(0);
    const answers = await Promise.all(guests.map((guest) => guest.orderUntilAnswered('tok_ok', 8)));
    expect(answers.filter(({ status }) => status !== 201 && status !== 202)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(guests.length);
    expect(await wrongIn(shop)).toEqual([]);
    for (const { body } of answers) expect(await succeeded(body.id)).toBe(1);
  }, 180_000);
});

describe('a payment', () => {
  it('whose answer is lost and whose webhook comes three times is captured once, and known within a minute', async () => {
    const guests = await Promise.all(Array.from({ length: 5 }, () => new Guest(shop.front).fill('PLENTY')));
    const answers = await Promise.all(guests.map((guest) => guest.orderUntilAnswered('tok_timeout', 10)));
    const orders = shop.books.order.collection<{ _id: string }>('orders');
    const ids = answers.map(({ body }) => body.id ?? '');
    await eventually(async () => expect(await orders.countDocuments({ _id: { $in: ids }, status: 'paid' })).toBe(5), { timeoutMs: 60_000 });
    for (const id of ids) expect(await succeeded(id)).toBe(1);
    expect(await wrongIn(shop)).toEqual([]);
  }, 120_000);
});

describe('every event', () => {
  it('delivered three times and shuffled has its effects once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => (await new Guest(shop.front).fill('PLENTY')).orderUntilAnswered(n % 4 === 0 ? 'tok_declined' : 'tok_ok', 8)),
    );
    expect(await wrongIn(shop)).toEqual([]);
    const before = await statuses('PLENTY');
    const ids = answers.map(({ body }) => body.id ?? body.orderId ?? '');
    const told: Envelope[] = [];
    for (const database of [shop.books.order, shop.books.product]) {
      const rows = await database.collection<{ _id: string; event: Envelope }>('outbox').find({ 'event.subject': { $in: ids } }).toArray();
      told.push(...rows.map(({ event }) => event));
    }
    expect(told.length).toBeGreaterThan(36);
    await publishAll(shop.publisher, shuffled(seeded(counts.seed), [...told, ...told, ...told]));
    // Behind them all: when this order has ended, the queues have passed what came before it.
    expect((await (await new Guest(shop.front).fill('PLENTY')).orderUntilAnswered('tok_ok', 8)).status).toBe(201);
    expect(await wrongIn(shop)).toEqual([]);
    expect(await statuses('PLENTY')).toEqual({ ...before, paid: (before['paid'] ?? 0) + 1 });
  }, 120_000);
});

describe('a worker that dies', () => {
  const deaths = [
    ['order', 'outbox.before-publish'],
    ['product', 'consumer.before-ack'],
    ['order', 'outbox.after-publish'],
    ['order', 'consumer.before-ack'],
    ['product', 'outbox.before-publish'],
    ['product', 'outbox.after-publish'],
  ] as const;
  it.each(deaths.slice(0, counts.failPoints))('%s at %s: another goes on within seconds, and each effect is had once', async (service, failPoint) => {
    const workers = shop.of(service);
    // All of them: whichever leads or hears first dies, one after the other, and the last is brought back whole.
    for (const worker of workers) await worker.restart({ FAILPOINT: failPoint });
    const guests = await Promise.all(Array.from({ length: 4 }, () => new Guest(shop.front).fill('PLENTY')));
    const answering = Promise.all(guests.map((guest) => guest.orderUntilAnswered('tok_ok', 2)));
    await eventually(() => workers.some((worker) => !worker.lives()), { timeoutMs: 60_000 });
    for (const worker of workers) await worker.restart();
    const answers = await answering;
    expect(answers.filter(({ status }) => status !== 201 && status !== 202)).toEqual([]);
    expect(await wrongIn(shop)).toEqual([]);
    for (const { body } of answers) expect(await succeeded(body.id)).toBe(1);
  }, 180_000);
});
