import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PriceBookEntry } from '@shopfleet/contracts';
import { accessTokenAudience, accessTokenType } from '@shopfleet/identity';
import { newId } from '@shopfleet/kernel';
import { RedisStateClient } from '@shopfleet/redis';
import { createService, type Service } from '@shopfleet/service';
import { freshRedis, freshVhost } from '@shopfleet/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { cartService } from '../src/cart-service.ts';
import { cartEnvironment } from '../src/config.ts';
import { PriceBook } from '../src/price-book/price-book.store.ts';
import type { CartView, MergedCartView } from '../src/carts/cart.schema.ts';

const issuer = 'https://shop.example.com';
const internalToken = 'internal-token-of-the-test';

/** Credentials of a request. */
export interface Shopper {
  readonly authorization?: string;
  readonly 'x-cart-token'?: string;
}

/** A parsed answer of the cart API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: MergedCartView & Partial<{ code: string; detail: string; errors: { pointer: string }[] }>;
}

/** The cart service in this process, on servers of its own, with somebody who issues access tokens. */
export interface CartShop {
  readonly url: string;
  readonly redis: RedisStateClient;
  readonly priceBook: PriceBook;
  readonly environment: Readonly<Record<string, string>>;
  call(method: string, path: string, shopper?: Shopper, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A new guest's credentials, with an empty cart. */
  guest(): Promise<Shopper & { 'x-cart-token': string }>;
  customer(userId?: string): Promise<Shopper>;
  checkoutCart(shopper: Shopper): Promise<{ id: string; version: number; lines: { sku: string; quantity: number }[] }>;
  /** Puts variants of a product of its own into the price book. */
  stock(...variants: Partial<PriceBookEntry>[]): Promise<void>;
  close(): Promise<void>;
}

/** A valid price-book entry. */
export function priceBookEntry(overrides: Partial<PriceBookEntry> = {}): PriceBookEntry {
  return {
    sku: 'LAMP-BRASS-S',
    productId: 'prd_lamp',
    partnerId: 'prt_house',
    name: 'Brass desk lamp',
    variantName: 'small',
    price: { amount: 4_990, currency: 'EUR' },
    taxClass: 'standard',
    weightGrams: 1_200,
    version: 1,
    active: true,
    ...overrides,
  };
}

export async function openCartShop(overrides: Readonly<Record<string, string>> = {}): Promise<CartShop> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const keys = await serveKeys({ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' });
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    PORT: '0',
    PUBLIC_URL: issuer,
    GATEWAY_URL: `http://127.0.0.1:${(keys.address() as AddressInfo).port}`,
    INTERNAL_TOKEN: internalToken,
    CART_TOKEN_SECRET: 'cart-token-secret-of-the-test',
    REDIS_STATE_URL: await freshRedis('state'),
    REDIS_CACHE_URL: await freshRedis('cache'),
    RABBITMQ_URL: await freshVhost(),
    // The tests come from one address; the limits have tests of their own.
    LOADTEST_CIDR: '127.0.0.0/8',
    ...overrides,
  };
  const service: Service = await createService(cartService(cartEnvironment.parse(environment)));
  const url = await service.listen(0);
  const redis = new RedisStateClient(environment.REDIS_STATE_URL);
  const priceBook = new PriceBook(redis);

  const call: CartShop['call'] = async (method, path, shopper = {}, body, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...shopper, ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  };

  return {
    url,
    redis,
    priceBook,
    environment,
    call,
    guest: async () => {
      const { cartToken = '' } = (await call('GET', '/api/cart')).body as CartView;
      return { 'x-cart-token': cartToken };
    },
    customer: async (userId = newId('usr')) => {
      const token = await new SignJWT({ sid: newId('ses'), roles: ['customer'] })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'test', typ: accessTokenType })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(accessTokenAudience)
        .setIssuedAt()
        .setExpirationTime('15 min')
        .sign(privateKey);
      return { authorization: `Bearer ${token}` };
    },
    checkoutCart: async (shopper) => {
      const { body } = await call('GET', '/internal/carts/current', shopper, undefined, { 'x-internal-token': internalToken });
      return body as unknown as Awaited<ReturnType<CartShop['checkoutCart']>>;
    },
    stock: async (...variants) => {
      const productId = newId('prd');
      await priceBook.apply({ productId, version: 1, variants: variants.map((variant) => priceBookEntry({ productId, ...variant })) });
    },
    close: async () => {
      await service.close();
      await redis.onApplicationShutdown();
      keys.close();
    },
  };
}

async function serveKeys(key: object): Promise<Server> {
  const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [key] })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
