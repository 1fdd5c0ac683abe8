import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnvironment } from '@shopfleet/config';
import { RabbitMqStrategy } from '@shopfleet/messaging';
import { migrate } from '@shopfleet/mongo';
import { createService, type Service } from '@shopfleet/service';
import { eventually, freshDatabase, freshRedis, freshVhost, startWorker, type Worker } from '@shopfleet/testing';
import { MongoClient, type Db } from 'mongodb';
import { environment } from '../src/config.ts';
import { indexes } from '../src/indexes.ts';
import { orderService } from '../src/order-service.ts';
import { internalToken, issuer, ProductPlayer, startGateway, type Gateway } from './players.ts';

/** The order service on real servers, beside a real payment simulator; product, cart and auth are played. */
export interface OrderWorld {
  readonly url: string;
  readonly gateway: Gateway;
  readonly product: ProductPlayer;
  readonly simulator: Simulator;
  /** What the provider has of an order. */
  charges(orderId: unknown): Promise<Charge[]>;
  readonly db: Db;
  /** The environment of the service, for workers in processes of their own. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts another worker of the service in this process. */
  startAnother(): Promise<Service & { url: string }>;
  order(request: OrderRequest): Promise<Answer>;
  close(): Promise<void>;
}

export interface Charge {
  readonly id: string;
  readonly key: string;
  /** Minor units. */
  readonly amount: number;
  readonly refunded: number;
  readonly status: string;
}

/** The payment simulator, a process of its own that comes back on its port and its books. */
export interface Simulator {
  readonly url: string;
  /** kill -9 */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface OrderRequest {
  readonly url?: string;
  readonly key: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export const anAddress = { name: 'Ada Example', line1: '1 Example Street', city: 'Exampleton', postalCode: '12345', country: 'DE' };

export async function openWorld(simulatorEnv: Readonly<Record<string, string>> = {}): Promise<OrderWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'order-world-'));
  const gateway = await startGateway();
  const simulator = await startSimulator({ DATA_DIR: folder, PAYMENT_LATENCY_MS: '5', ...simulatorEnv });
  const vhost = await freshVhost();
  const state = await freshRedis('state');
  const env = {
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'error',
    INTERNAL_TOKEN: internalToken,
    PUBLIC_URL: issuer,
    GATEWAY_URL: gateway.url,
    MONGODB_URI: freshDatabase(),
    REDIS_CACHE_URL: state,
    REDIS_STATE_URL: state,
    RABBITMQ_URL: vhost,
    PAYMENT_URL: simulator.url,
    PAYMENT_WEBHOOK_SECRETS: 'webhook-secret-of-tests',
    LOADTEST_CIDR: '127.0.0.0/8',
    SWEEP_INTERVAL_MS: '250',
  };
  const config = parseEnvironment(environment, env);
  await migrate(config.MONGODB_URI, indexes);
  const client = await MongoClient.connect(config.MONGODB_URI);
  const started: Service[] = [];
  const startAnother = async (): Promise<Service & { url: string }> => {
    const service = await createService(orderService(config));
    started.push(service);
    const url = await service.listen(0);
    // Without its queue the broker would have nowhere to put the first events.
    await eventually(() => service.app.get(RabbitMqStrategy).connected);
    return { ...service, url };
  };
  const { url } = await startAnother();
  const product = await ProductPlayer.start(vhost);
  return {
    url,
    gateway,
    product,
    simulator,
    charges: async (orderId) => ((await (await fetch(`${simulator.url}/v1/payments?reference=${String(orderId)}`)).json()) as { items: Charge[] }).items,
    db: client.db(),
    env,
    startAnother,
    order: async ({ url: at = url, key, token, headers = {}, body = {}, signal }) =>
      readAnswer(
        await fetch(`${at}/api/orders`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'idempotency-key': key,
            prefer: 'wait=8',
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...headers,
          },
          body: JSON.stringify({ payment: { token: 'tok_ok' }, shippingAddress: anAddress, ...body }),
          ...(signal && { signal }),
        }),
      ),
    close: async () => {
      await Promise.all(started.map((service) => service.close()));
      await product.close();
      await client.close();
      await simulator.stop();
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startSimulator(env: Readonly<Record<string, string>>): Promise<Simulator> {
  const entry = fileURLToPath(new URL('../../payment-simulator/src/main.ts', import.meta.url));
  // Run from its source, like everything under test here.
  const options = { NODE_OPTIONS: '--conditions=@shopfleet/source', ...env };
  let worker: Worker = await startWorker(entry, options);
  return {
    url: worker.url,
    stop: async () => void (await worker.kill('SIGKILL')),
    start: async () => {
      worker = await startWorker(entry, { ...options, PORT: String(worker.port) });
    },
  };
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Record<string, unknown> };
}
