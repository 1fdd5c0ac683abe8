import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache } from '@shopfleet/cache';
import { createEvent, exampleOf, orderPlaced, orderPaid, orderCancelled, type Envelope, type EventDefinition } from '@shopfleet/contracts';
import { accessTokenAudience, accessTokenType, type Role } from '@shopfleet/identity';
import { newId } from '@shopfleet/kernel';
import { EventPublisher } from '@shopfleet/messaging';
import { migrate } from '@shopfleet/mongo';
import { createService, type Service } from '@shopfleet/service';
import { eventually, freshDatabase, freshRedis, freshVhost } from '@shopfleet/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect } from 'vitest';
import { Collections } from '../src/collections.ts';
import { environment } from '../src/config.ts';
import { indexes } from '../src/indexes.ts';
import { ProductSearch } from '../src/search/product-search.ts';
import { productService } from '../src/product-service.ts';
import { categories, products, stockRows } from './catalogue.factory.ts';

const issuer = 'https://shop.example.com';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // A test says what it expects of a body; what is not there fails the expectation.
  readonly body: Readonly<Record<string, unknown>>;
}

/** The product service with two workers in this process, on servers of its own, over a small catalogue. */
export interface ProductShop {
  /** Base URL of each worker. */
  readonly urls: readonly string[];
  readonly collections: Collections;
  readonly workers: readonly Service[];
  /** What the workers were started with: for a further one, in a process of its own. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folder of the object store. */
  readonly imagesDir: string;
  call(method: string, path: string, options?: { worker?: number; headers?: Record<string, string>; body?: unknown }): Promise<Answer>;
  token(role: Role, claims?: Record<string, string>): Promise<{ authorization: string }>;
  publish(...events: Envelope[]): Promise<void>;
  /** Events of one type that the outbox holds about a subject, sent or not. */
  sent(type: string, subject: string): Promise<Envelope[]>;
  close(): Promise<void>;
}

export async function openProductShop(variables: Record<string, string> = {}): Promise<ProductShop> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const gateway = await serveKeys({ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' });
  const imagesDir = await mkdtemp(join(tmpdir(), 'shopfleet-images-'));
  const all = {
    IMAGES_DIR: imagesDir,
    NODE_ENV: 'test', LOG_LEVEL: 'error', PORT: '0', PUBLIC_URL: issuer,
    GATEWAY_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
    INTERNAL_TOKEN: 'internal-token-of-the-test',
    MONGODB_URI: freshDatabase(), REDIS_STATE_URL: await freshRedis('state'), REDIS_CACHE_URL: await freshRedis('cache'), RABBITMQ_URL: await freshVhost(),
    // The tests come from one address; the limits have tests of their own.
    LOADTEST_CIDR: '127.0.0.0/8',
    ...variables,
  };
  const config = environment.parse(all);
  await migrate(config.MONGODB_URI, indexes);
  const workers = [await createService(productService(config)), await createService(productService(config))];
  const urls: string[] = [];
  for (const worker of workers) urls.push(await worker.listen(0));
  const [first] = workers;
  if (!first) throw new Error('there are two workers');
  const collections = first.app.get(Collections, { strict: false });
  await collections.categories.insertMany(categories());
  await collections.products.insertMany(products());
  await first.app.get(ProductSearch, { strict: false }).learn(products());
  await collections.stock.insertMany(stockRows());
  // What the workers warmed their caches with was an empty catalogue.
  await first.app.get(Cache, { strict: false }).invalidate(['*']);

  return {
    urls,
    collections,
    workers,
    variables: all,
    imagesDir,
    call: async (method, path, { worker = 0, headers = {}, body } = {}) => {
      const response = await fetch(`${urls[worker]}${path}`, {
        method,
        headers: { ...headers, ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
      return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Answer['body']) : { text } };
    },
    token: async (role, claims = {}) => {
      const token = await new SignJWT({ sid: newId('ses'), roles: [role], ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'test', typ: accessTokenType })
        .setSubject(newId('usr')).setIssuer(issuer).setAudience(accessTokenAudience).setIssuedAt().setExpirationTime('15 min')
        .sign(privateKey);
      return { authorization: `Bearer ${token}` };
    },
    publish: async (...events) => {
      const publisher = first.app.get(EventPublisher, { strict: false });
      // It connects at the first question; until then nothing is confirmed.
      await eventually(() => expect(publisher.available).toBe(true));
      expect((await publisher.publish(events)).failed).toEqual([]);
    },
    sent: async (type, subject) => {
      const rows = await first.app.get(Collections, { strict: false }).products.db.collection<{ event: Envelope }>('outbox').find().toArray();
      return rows.map(({ event }) => event).filter((event) => event.type === type && event.subject === subject);
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      gateway.close();
      await rm(imagesDir, { recursive: true, force: true });
    },
  };
}

function eventOf<T extends string, D extends object>(definition: EventDefinition<T, D>, orderId: string, data: Partial<D>): Envelope<D, T> {
  return createEvent(definition, { source: 'order', subject: orderId, data: { ...exampleOf(definition).data, orderId, ...data } });
}
const line = (sku: string, quantity: number) => {
  const price = { amount: 100, currency: 'EUR' } as const;
  return { sku, productId: 'prd_lamp', name: 'Lamp', quantity, unitPrice: price, lineTotal: { ...price, amount: 100 * quantity } };
};

/** Events of one order, as the order service sends them. */
export function orderEvents(lines: Readonly<Record<string, number>>, orderId = newId('ord')) {
  const orderLines = Object.entries(lines).map(([sku, quantity]) => line(sku, quantity));
  return {
    orderId,
    placed: eventOf(orderPlaced, orderId, { lines: orderLines }),
    paid: eventOf(orderPaid, orderId, { lines: orderLines }),
    cancelled: eventOf(orderCancelled, orderId, { reason: 'payment-declined' }),
  };
}

async function serveKeys(key: object): Promise<Server> {
  const server = createServer((request, response) => {
    const known = request.url === '/.well-known/jwks.json';
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(known ? { keys: [key] } : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
