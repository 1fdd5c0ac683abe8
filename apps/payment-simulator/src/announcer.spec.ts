import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnvironment } from '@shopfleet/config';
import { eventually } from '@shopfleet/testing';
import { WEBHOOK_ID_HEADER } from '@shopfleet/webhooks';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { environment } from './config.ts';
import { createSimulator } from './server.ts';

const orders = 40;
let folder: string;
let shop: Server;
let simulator: FastifyInstance;
const told: string[] = [];
const unanswered: ServerResponse[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'announcer-'));
  // Answers when it has been told of all, as a shop does that records several webhooks together.
  shop = createServer((request, response) => {
    request.resume();
    told.push(String(request.headers[WEBHOOK_ID_HEADER]));
    unanswered.push(response);
    if (unanswered.length === orders) for (const each of unanswered) each.writeHead(204).end();
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  simulator = await createSimulator(
    parseEnvironment(environment, {
      NODE_ENV: 'test',
      DATA_DIR: folder,
      LOG_LEVEL: 'silent',
      PAYMENT_LATENCY_MS: '0',
      PAYMENT_WEBHOOK_DELAY_MS: '0',
      PAYMENT_WEBHOOK_URL: `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`,
      PAYMENT_WEBHOOK_SECRET: 'a secret of this test, and long enough to be one',
    }),
  );
});
afterEach(async () => {
  await simulator.close();
  shop.closeAllConnections();
  await new Promise((resolve) => shop.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

it('tells of a payment while the shop has not answered to those before', async () => {
  for (let order = 0; order < orders; order += 1) {
    const { statusCode } = await simulator.inject({
      method: 'POST',
      url: '/v1/payments',
      headers: { 'idempotency-key': `k${order}` },
      payload: { amount: 1999, currency: 'EUR', token: 'tok_ok', reference: `ord_${order}` },
    });
    expect(statusCode).toBe(201);
  }
  await eventually(() => expect(told).toHaveLength(orders));
  expect(new Set(told).size).toBe(orders);
  expect(unanswered.every((response) => response.writableEnded)).toBe(true);
});
