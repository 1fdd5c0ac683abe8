import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createEvent, productCreated, type Envelope } from '@shopfleet/contracts';
import { freePorts, nodeProgram } from '@shopfleet/local';
import { EventPublisher } from '@shopfleet/messaging';
import { eventually, freshDatabase, freshRedis, freshVhost, startWorker, type Worker } from '@shopfleet/testing';
import { openBooks, type ShopBooks } from '@shopfleet/invariants';
import { shopAt, type RunningShop } from '@shopfleet/shoppers';
import { openGateway } from './gateway.ts';

const run = promisify(execFile);
export const root = fileURLToPath(new URL('../../../', import.meta.url));
const built = (app: string, file = 'main.js'): string => join(root, 'apps', app, 'dist', file);

export type ServiceName = 'product' | 'cart' | 'order' | 'notification' | 'payment-simulator';

/** A worker that is killed and comes back on its port. */
export interface Killable {
  readonly name: ServiceName;
  readonly url: string;
  kill(): Promise<void>;
  restart(extra?: Readonly<Record<string, string>>): Promise<void>;
  /** False once its process has ended, by itself too. */
  lives(): boolean;
  output(): string;
}

/** A whole shop: built services in processes of their own, on real servers. */
export interface FaultShop {
  /** The shop as its shoppers see it. */
  readonly front: RunningShop;
  readonly workers: readonly Killable[];
  readonly books: ShopBooks;
  readonly publisher: EventPublisher;
  of(name: ServiceName): Killable[];
  /** Puts a SKU at 10.00 on the shelf and into every price book. */
  sell(sku: string, stock: number): Promise<void>;
  close(): Promise<void>;
}

/** What services depend on, and where it is reached. */
export interface Dependencies {
  /** `mongodb://…`, the server alone; each service gets a database of its own. */
  readonly mongodb: string;
  readonly redisCache: string;
  readonly redisState: string;
  readonly rabbitmq: string;
}

/** What services reach by a way that can be changed: servers, the provider of payments, and each other. */
export type Proxied = keyof Dependencies | 'payment' | 'services';

export interface FaultShopOptions {
  /** Servers of its own; absent: fresh places on those of the test run. */
  readonly servers?: Dependencies;
  /** Another way of the services, not of the books, to a dependency: through a proxy that can be slow. */
  readonly through?: (dependency: Proxied, url: string) => string;
  readonly orderWorkers?: number;
  readonly productWorkers?: number;
  readonly simulator?: Readonly<Record<string, string>>;
  readonly order?: Readonly<Record<string, string>>;
}

/** Builds what is to be run; workers that can be killed are processes, and those run what is built. */
export async function build(): Promise<void> {
  const apps = ['product', 'cart', 'order', 'notification', 'payment-simulator'].map((app) => `apps/${app}`);
  await run('npx', ['tsc', '-b', ...apps], { cwd: root, maxBuffer: 8 * 1024 * 1024 });
}

export async function openShop({ orderWorkers = 2, productWorkers = 2, simulator = {}, order = {}, servers, through = (_dependency, url) => url }: FaultShopOptions = {}): Promise<FaultShop> {
  await build();
  const folder = await mkdtemp(join(tmpdir(), 'fault-shop-'));
  const gateway = await openGateway();
  const places = await placesOn(servers);
  const uris = { order: places.database(), product: places.database(), notification: places.database() };
  const common = {
    NODE_ENV: 'test',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'warn',
    INTERNAL_TOKEN: 'internal-token-of-fault-tests',
    PUBLIC_URL: 'https://localhost:8080',
    GATEWAY_URL: through('services', gateway.url),
    REDIS_CACHE_URL: through('redisCache', places.redisCache),
    REDIS_STATE_URL: through('redisState', places.redisState),
    RABBITMQ_URL: through('rabbitmq', places.rabbitmq),
    LOADTEST_CIDR: '127.0.0.0/8',
  };
  const [paymentPort = 0] = await freePorts(1);
  const webhookSecret = 'webhook-secret-of-fault-tests';
  const environments: Record<ServiceName, Record<string, string>> = {
    product: { ...common, MONGODB_URI: through('mongodb', uris.product), IMAGES_DIR: join(folder, 'images') },
    cart: { ...common, CART_TOKEN_SECRET: 'cart-secret-of-fault-tests' },
    order: {
      ...common,
      MONGODB_URI: through('mongodb', uris.order),
      PAYMENT_URL: through('payment', `http://127.0.0.1:${paymentPort}`),
      PAYMENT_WEBHOOK_SECRETS: webhookSecret,
      SWEEP_INTERVAL_MS: '1000',
      RECONCILE_INTERVAL_MS: '5000',
      ...order,
    },
    notification: { ...common, MONGODB_URI: through('mongodb', uris.notification), SMTP_URL: 'smtp://127.0.0.1:9', NOTIFICATION_SECRET: 'notification-secret-of-tests' },
    'payment-simulator': {
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      PORT: String(paymentPort),
      DATA_DIR: folder,
      PAYMENT_LATENCY_MS: '20',
      PAYMENT_TIMEOUT_MS: '4000',
      PAYMENT_WEBHOOK_URL: `${gateway.url}/api/orders/webhooks/payments`,
      PAYMENT_WEBHOOK_SECRET: webhookSecret,
      PAYMENT_WEBHOOK_DELAY_MS: '1000',
      ...simulator,
    },
  };
  for (const app of ['product', 'order', 'notification', 'cart'] as const) {
    await run(nodeProgram(), [built(app, 'migrate.js')], { env: { PATH: process.env['PATH'], PORT: '0', ...environments[app] }, cwd: root });
  }
  const wanted: ServiceName[] = ['payment-simulator', ...Array<ServiceName>(productWorkers).fill('product'), 'cart', 'cart', ...Array<ServiceName>(orderWorkers).fill('order'), 'notification'];
  const workers: Killable[] = [];
  for (const name of wanted) workers.push(await killable(name, environments[name]));
  const of = (name: ServiceName): Killable[] => workers.filter((worker) => worker.name === name);
  const urls = (name: ServiceName): string[] => of(name).map(({ url }) => url);
  // As nginx's internal listener: /internal/cart/* is the cart service's /internal/*.
  gateway.route('/internal/cart/', urls('cart'), (path) => path.replace('/internal/cart/', '/internal/'));
  gateway.route('/api/cart', urls('cart'));
  gateway.route('/api/orders', urls('order'));
  gateway.route('/api/', urls('product'));
  const books = await openBooks({ orderUri: uris.order, productUri: uris.product, otherUris: [uris.notification], paymentUrl: `http://127.0.0.1:${paymentPort}` });
  const publisher = new EventPublisher({ url: places.rabbitmq, service: 'faults' });
  await eventually(() => publisher.available, { timeoutMs: 20_000 });
  const front = shopAt(gateway.url);
  return {
    front,
    workers,
    books,
    publisher,
    of,
    sell: (sku, stock) => putOnShelf(books, publisher, sku, stock),
    close: async () => {
      await front.close();
      await Promise.all(workers.map((worker) => worker.kill()));
      await publisher.onApplicationShutdown();
      await books.close();
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Places extends Omit<Dependencies, 'mongodb'> {
  database(): string;
}

async function placesOn(servers: Dependencies | undefined): Promise<Places> {
  if (servers === undefined) return { database: freshDatabase, redisCache: await freshRedis('cache'), redisState: await freshRedis('state'), rabbitmq: await freshVhost() };
  // A set of several members is no URL to JavaScript.
  const database = (): string => servers.mongodb.replace(/\/(\?|$)/u, `/faults_${randomBytes(6).toString('hex')}$1`);
  return { ...servers, database };
}

async function killable(name: ServiceName, env: Readonly<Record<string, string>>): Promise<Killable> {
  let worker: Worker = await startWorker(built(name), env, { readyTimeoutMs: 60_000 });
  let alive = true;
  const { port, url } = worker;
  return {
    name,
    url,
    kill: async () => {
      alive = false;
      await worker.kill('SIGKILL');
    },
    restart: async (extra = {}) => {
      if (alive) await worker.kill('SIGKILL');
      worker = await startWorker(built(name), { ...env, ...extra, PORT: String(port) }, { readyTimeoutMs: 60_000 });
      alive = true;
    },
    lives: () => {
      try {
        return process.kill(worker.pid, 0);
      } catch {
        return false;
      }
    },
    output: () => worker.output(),
  };
}

async function putOnShelf({ product, order }: ShopBooks, publisher: EventPublisher, sku: string, stock: number): Promise<void> {
  const productId = `prd_${sku.toLowerCase()}`;
  const variant = { sku, productId, partnerId: 'prt_house', name: `Product ${sku}`, variantName: 'only', price: { amount: 1000, currency: 'EUR' as const }, taxClass: 'standard', weightGrams: 100, version: 1, active: true };
  await product.collection<{ _id: string }>('stock').insertOne({ _id: sku, ...{ productId, onHand: stock, reserved: 0, lowAt: 0, version: 1 } });
  await product.collection<{ _id: string }>('stock_movements').insertOne({ _id: `mov_${sku}`, ...{ sku, kind: 'receipt', onHand: stock, reserved: 0, reason: 'opening stock', at: new Date() } });
  const data = { productId, version: 1, slug: sku.toLowerCase(), name: variant.name, status: 'active' as const, categoryIds: [], partnerId: 'prt_house', variants: [variant] };
  await publishAll(publisher, [createEvent(productCreated, { source: 'product', subject: productId, data })]);
  await eventually(async () => (await order.collection<{ _id: string }>('price_book').countDocuments({ _id: sku })) === 1, { timeoutMs: 30_000 });
}

/** Publishes and waits for the confirms; tries on while the broker is away. */
export async function publishAll(publisher: EventPublisher, events: readonly Envelope[]): Promise<void> {
  await eventually(
    async () => {
      const { failed } = await publisher.publish(events);
      if (failed.length > 0) throw new Error(`not published: ${failed[0]?.reason}`);
    },
    { timeoutMs: 60_000, intervalMs: 500 },
  );
}
