import { randomUUID } from 'node:crypto';
import { randomOf, type Random } from '@shopfleet/seed';
import type { Pool } from 'undici';

/** What one visitor does at a time, and how often among a thousand: every service is asked, by GET and by POST. */
const weights = { product: 200, cart: 120, add: 360, me: 80, address: 60, orders: 60, notifications: 60, ticket: 57, login: 1, order: 2 } as const;
export type Visit = keyof typeof weights;

const customerLogin = { email: 'customer@example.com', password: 'shopfleet-demo' };
const shippingAddress = { name: 'Ada Example', line1: '1 Sample Street', city: 'Springfield', postalCode: '12345', country: 'DE' };

/** No answer, or not the one that was asked for. */
export class VisitFailure extends Error {}

/** Visitors of a shop with the demo data, drawn from a seed. Connections are kept; nothing is tried twice. */
export class ShopTraffic {
  /** Requests sent. */
  sent = 0;
  readonly #pool: Pool;
  readonly #random: Random;
  readonly #skus: readonly string[];
  readonly #slugs: readonly string[];
  readonly #carts: readonly string[];
  readonly #bearer: string;

  private constructor(pool: Pool, random: Random, { skus, slugs, carts, bearer }: { skus: readonly string[]; slugs: readonly string[]; carts: readonly string[]; bearer: string }) {
    [this.#pool, this.#random, this.#skus, this.#slugs, this.#carts, this.#bearer] = [pool, random, skus, slugs, carts, bearer];
  }

  /** Looks for what is on sale, fills some carts and logs somebody in, which lasts for 15 min. */
  static async open(pool: Pool, seed: number): Promise<ShopTraffic> {
    const [skus, slugs, carts]: [string[], string[], string[]] = [[], [], []];
    for (let page = 1; page <= 10; page += 1) {
      const { items } = await ask(pool, 'GET', `/api/products?inStock=true&limit=100&page=${page}`);
      for (const { slug, variants } of items as { slug: string; variants: { sku: string; inStock?: boolean; price: { currency: string } }[] }[]) {
        slugs.push(slug);
        skus.push(...variants.filter(({ price, inStock }) => price.currency === 'EUR' && inStock !== false).map(({ sku }) => sku));
      }
    }
    for (const sku of skus.slice(0, 32)) carts.push(String((await ask(pool, 'POST', '/api/cart/items', {}, { sku, quantity: 1 }))['cartToken']));
    const { accessToken } = await ask(pool, 'POST', '/api/auth/login', {}, customerLogin);
    return new ShopTraffic(pool, randomOf(seed, 'bench/traffic'), { skus, slugs, carts, bearer: String(accessToken) });
  }

  /** A visit drawn by its weight. */
  draw(): Visit {
    let left = this.#random.between(1, Object.values(weights).reduce((sum, weight) => sum + weight, 0));
    for (const [visit, weight] of Object.entries(weights) as [Visit, number][]) {
      left -= weight;
      if (left <= 0) return visit;
    }
    return 'product';
  }

  /** @throws VisitFailure when an answer is no 2xx, or none came */
  async visit(what: Visit): Promise<void> {
    const customer = { authorization: `Bearer ${this.#bearer}` };
    switch (what) {
      case 'product': return void (await this.#ask('GET', `/api/products/${this.#random.pick(this.#slugs)}`));
      case 'cart': return void (await this.#ask('GET', '/api/cart', { 'x-cart-token': this.#random.pick(this.#carts) }));
      case 'add': return void (await this.#add());
      case 'me': return void (await this.#ask('GET', '/api/auth/me', customer));
      case 'address': return void (await this.#ask('GET', '/api/auth/me/addresses', customer));
      case 'orders': return void (await this.#ask('GET', '/api/orders?limit=5', customer));
      case 'notifications': return void (await this.#ask('GET', '/api/notifications?limit=5', customer));
      case 'ticket': return void (await this.#ask('POST', '/api/notifications/stream-tickets', customer, {}));
      case 'login': return void (await this.#ask('POST', '/api/auth/login', {}, customerLogin));
      case 'order': return this.#order();
    }
  }

  async #order(): Promise<void> {
    const { cartToken } = await this.#add();
    const token = { 'x-cart-token': String(cartToken), 'idempotency-key': randomUUID(), prefer: 'wait=5' };
    await this.#ask('POST', '/api/orders', token, { payment: { token: 'tok_ok' }, shippingAddress, email: 'drill@example.com' });
  }

  #add(): Promise<Record<string, unknown>> {
    return this.#ask('POST', '/api/cart/items', {}, { sku: this.#random.pick(this.#skus), quantity: 1 });
  }

  #ask(method: 'GET' | 'POST', path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Record<string, unknown>> {
    this.sent += 1;
    return ask(this.#pool, method, path, headers, body);
  }
}

async function ask(pool: Pool, method: 'GET' | 'POST', path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Record<string, unknown>> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  try {
    const response = await pool.request({ path, method, headers: { ...json, ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.body.text();
    if (response.statusCode >= 300) throw new VisitFailure(`${response.statusCode} ${text.slice(0, 200)}`);
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new VisitFailure(`${method} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
