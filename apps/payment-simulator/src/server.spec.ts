import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnvironment } from '@shopfleet/config';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { environment } from './config.ts';
import { createSimulator } from './server.ts';

let folder: string;
let simulator: FastifyInstance;

const open = async (env: Record<string, string> = {}): Promise<FastifyInstance> =>
  createSimulator(parseEnvironment(environment, { NODE_ENV: 'test', DATA_DIR: folder, PAYMENT_LATENCY_MS: '0', PAYMENT_TIMEOUT_MS: '300', LOG_LEVEL: 'silent', ...env }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payment-simulator-'));
  simulator = await open();
});
afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}
const post = async (url: string, key: string | undefined, payload: object): Promise<Answer> => {
  const { statusCode, body } = await simulator.inject({ method: 'POST', url, payload, headers: key === undefined ? {} : { 'idempotency-key': key } });
  return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
};
const pay = async (key: string | undefined, overrides: object = {}): Promise<Answer> =>
  post('/v1/payments', key, { amount: 1999, currency: 'EUR', token: 'tok_ok', reference: 'ord_1', ...overrides });
const get = async (url: string): Promise<Answer> => {
  const { statusCode, body } = await simulator.inject({ method: 'GET', url });
  return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
};

describe('a payment', () => {
  it('succeeds or is declined as its token says', async () => {
    expect(await pay('k1')).toMatchObject({ status: 201, body: { status: 'succeeded', amount: 1999, refunded: 0 } });
    expect(await pay('k2', { token: 'tok_declined' })).toMatchObject({ status: 201, body: { status: 'declined', declineCode: 'card_declined' } });
    expect(await pay('k3', { token: 'tok_duplicate_webhook' })).toMatchObject({ status: 201, body: { status: 'succeeded' } });
  });

  it('is made once per key, also when the key is sent many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay('k1')));
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
    expect((await get('/v1/payments?reference=ord_1')).body['items']).toHaveLength(1);
  });

  it('is refused when its key was used for another one', async () => {
    await pay('k1');
    expect(await pay('k1', { amount: 1 })).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
  });

  it('of tok_timeout is made at once and answered late, the second time without delay', async () => {
    const started = performance.now();
    const first = pay('k1', { token: 'tok_timeout' });
    await vi.waitFor(async () => expect((await get('/v1/payments?reference=ord_1')).body['items']).toMatchObject([{ status: 'succeeded' }]), { interval: 5 });
    expect(performance.now() - started).toBeLessThan(290);
    const { body } = await first;
    expect(performance.now() - started).toBeGreaterThan(290);
    const again = performance.now();
    expect((await pay('k1', { token: 'tok_timeout' })).body).toEqual(body);
    expect(performance.now() - again).toBeLessThan(200);
  });

  it.each([
    ['no key', undefined, {}],
    ['an unknown token', 'k', { token: 'tok_unknown' }],
    ['half a cent', 'k', { amount: 0.5 }],
    ['nothing', 'k', { amount: 0 }],
    ['an unknown member', 'k', { cvc: '123' }],
  ])('is refused with %s', async (_, key, overrides) => {
    expect(await pay(key, overrides)).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
  });
});

describe('a refund', () => {
  it('never exceeds the payment', async () => {
    const { body } = await pay('k1');
    const refund = (key: string, amount: number): Promise<Answer> => post('/v1/refunds', key, { payment: body['id'], amount });
    expect(await refund('r1', 1500)).toMatchObject({ status: 201 });
    expect(await refund('r1', 1500)).toMatchObject({ status: 201 });
    expect(await refund('r2', 500)).toMatchObject({ status: 409, body: { code: 'refund-refused' } });
    expect((await Promise.all([refund('r3', 499), refund('r4', 499)])).map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await get(`/v1/payments/${String(body['id'])}`)).toMatchObject({ body: { refunded: 1999 } });
    expect((await get('/v1/totals')).body).toEqual({ EUR: { payments: 1, captured: 1999, refunded: 1999 } });
  });

  it('of a declined payment is refused', async () => {
    const { body } = await pay('k1', { token: 'tok_declined' });
    expect(await post('/v1/refunds', 'r1', { payment: body['id'], amount: 1 })).toMatchObject({ status: 409 });
  });
});

describe('the journal', () => {
  it('brings payments, refunds and keys back, without a last line that was cut short', async () => {
    const { body } = await pay('k1');
    await post('/v1/refunds', 'r1', { payment: body['id'], amount: 999 });
    await simulator.close();
    await appendFile(join(folder, 'payments.jsonl'), '{"kind":"payment","key":"k2","paym');
    simulator = await open();
    expect(await get('/v1/payments?reference=ord_1')).toMatchObject({ body: { items: [{ id: body['id'], refunded: 999 }] } });
    expect((await pay('k1')).body['id']).toBe(body['id']);
    expect(await pay('k2', { reference: 'ord_2' })).toMatchObject({ status: 201 });
    await simulator.close();
    simulator = await open();
    expect((await get('/v1/payments?reference=ord_2')).body['items']).toHaveLength(1);
  });
});

describe('the environment', () => {
  it('refuses production', () => {
    expect(() => parseEnvironment(environment, { NODE_ENV: 'production' })).toThrow(/^NODE_ENV is wrong: the payment simulator moves no money/);
  });
});

describe('the past', () => {
  const past = (hour: number, refunds: object[] = []) => ({
    key: `pay_past_${hour}`, id: `sim_0190000000007000800000000000000${hour}`, amount: 500, currency: 'EUR', reference: `ord_past_${hour}`, createdAt: `2025-06-01T0${hour}:00:00.000Z`, refunds,
  });
  const history = [past(2, [{ key: 'ref_past', id: 'rfd_01900000000070008000000000000009', amount: 200, createdAt: '2025-06-02T00:00:00.000Z' }]), past(1)];
  const listed = async (): Promise<unknown[]> => (await get('/v1/payments?from=2025-01-01T00:00:00.000Z&to=2025-12-31T00:00:00.000Z')).body['items'] as unknown[];

  it('stands in the books after what came later, once, in the order of its time, also after a restart', async () => {
    await pay('k1');
    expect((await post('/v1/history', undefined, { payments: history })).body).toEqual({ remembered: 2 });
    expect((await post('/v1/history', undefined, { payments: history })).body).toEqual({ remembered: 0 });
    for (let start = 0; start < 2; start += 1) {
      expect(await listed()).toMatchObject([{ reference: 'ord_past_1', refunded: 0 }, { reference: 'ord_past_2', refunded: 200 }]);
      expect((await get('/v1/totals')).body).toEqual({ EUR: { payments: 3, captured: 2_999, refunded: 200 } });
      await simulator.close();
      simulator = await open();
    }
    expect((await post('/v1/refunds', 'k2', { payment: history[0]?.id, amount: 301 })).status).toBe(409);
    expect((await post('/v1/refunds', 'k3', { payment: history[0]?.id, amount: 300 })).status).toBe(201);
  });

  it('can be struck out again, and nothing else with it', async () => {
    await pay('k1');
    await post('/v1/history', undefined, { payments: history });
    expect((await simulator.inject({ method: 'DELETE', url: '/v1/history' })).statusCode).toBe(204);
    await simulator.close();
    simulator = await open();
    expect(await listed()).toEqual([]);
    expect((await get('/v1/totals')).body).toEqual({ EUR: { payments: 1, captured: 1_999, refunded: 0 } });
    expect((await post('/v1/history', undefined, { payments: history })).body).toEqual({ remembered: 2 });
  });
});
