import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@shopfleet/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NotificationWorld } from './notification-world.ts';

let world: NotificationWorld;
let worker: Server;
let failed = 0;
// One worker of the cart service, as far as its figures go; the order service has none.
beforeAll(async () => {
  worker = createServer((_request, response) => {
    failed += 40;
    response.end(`process_start_time_seconds 1\nhttp_request_duration_seconds_count{route="/api/cart",status="200"} ${failed}\nhttp_request_duration_seconds_count{route="/api/cart",status="503"} ${failed}\n`);
  });
  await new Promise<void>((resolve) => worker.listen(0, '127.0.0.1', resolve));
  const { port } = worker.address() as AddressInfo;
  world = await NotificationWorld.start({ environment: { METRICS_TARGETS: `cart=127.0.0.1:${port}+1,order=127.0.0.1:1+1` } });
});
afterAll(async () => {
  await world.close();
  worker.close();
});

it('tells a super admin how the shop is, from 0 to 100, and why', async () => {
  const response = await world.request('/ops/health', { as: newId('usr'), roles: ['super-admin'] });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    score: 20,
    reasons: [
      { service: 'cart', points: 30, reason: '50 % of the answers are errors, more than 10 %' },
      { service: 'order', points: 50, reason: 'no worker answers' },
    ],
    services: [{ service: 'cart', workers: 1, errorShare: 0.5 }, { service: 'order', workers: 0 }],
  });
});

it.each([[[], 401], [['customer'], 403], [['admin'], 403]] as const)('tells %o nothing', async (roles, status) => {
  const response = await world.request('/ops/health', roles.length === 0 ? {} : { as: newId('usr'), roles: [...roles] });
  expect(response.status).toBe(status);
});
