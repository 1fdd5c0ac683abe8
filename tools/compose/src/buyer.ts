import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import { eventually } from './checks.ts';
import { interrupted } from './interruption.ts';

interface Product {
  readonly variants: readonly { readonly sku: string; readonly inStock: boolean; readonly price: { readonly currency: string } }[];
}

export interface Order {
  readonly id: string;
  readonly status: string;
  /** With which a guest sees it. */
  readonly orderToken: string;
}

/** Where a shop is. */
export interface ShopAddress {
  readonly url: string;
  /** Certificate of the authority that signed the gateway's. */
  readonly ca: string;
  readonly mailbox: string;
}

const address = { name: 'Ada', line1: '1 Harbour Road', city: 'Hamburg', postalCode: '20457', country: 'DE' };

/** Somebody without an account, who tries again as people do. */
export class Buyer {
  readonly #shop: ShopAddress;
  readonly #agent: Agent;

  constructor(shop: ShopAddress) {
    this.#shop = shop;
    // A new connection for each request: a gateway that was killed leaves dead ones behind, and one that is reloaded says GOAWAY on
    // those of HTTP/2, which a browser answers by asking again and undici does not.
    this.#agent = new Agent({ connect: { ca: shop.ca }, allowH2: false, pipelining: 0, connectTimeout: 5000, headersTimeout: 20_000, bodyTimeout: 20_000 });
  }

  async ask<T>(path: string, { method = 'GET', headers = {}, body }: { method?: 'GET' | 'POST'; headers?: Record<string, string>; body?: unknown } = {}): Promise<{ status: number; body: T }> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
    const answer = await request(`${this.#shop.url}${path}`, { method, headers, dispatcher: this.#agent, signal: interrupted, ...sent });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: (text === '' ? {} : JSON.parse(text)) as T };
  }

  /** From an empty cart to the mail that confirms the order; each step until it is done, the payment under one key. */
  async buy(): Promise<Order> {
    const email = `${randomUUID()}@example.com`;
    const key = randomUUID();
    const sku = await eventually('a product in stock', () => this.skuInStock());
    const cartToken = await eventually('a cart', async () => {
      const { status, body } = await this.ask<{ cartToken?: string }>('/api/cart/items', { method: 'POST', body: { sku, quantity: 1 } });
      if (status >= 400) throw new Error(`${status} ${JSON.stringify(body)}`);
      return body.cartToken;
    });
    const order = { payment: { token: 'tok_ok' }, shippingAddress: address, email };
    const headers = { 'idempotency-key': key, 'x-cart-token': cartToken, prefer: 'wait=8' };
    const placed = await eventually('an order', async () => {
      const { status, body } = await this.ask<Order>('/api/orders', { method: 'POST', headers, body: order });
      if (status === 201 || status === 202) return body;
      throw new Error(`${status} ${JSON.stringify(body)}`);
    });
    // The same key would bring the same answer: what came of a pending one is seen at its address.
    await eventually('a paid order', () => this.expectPaid(placed));
    await eventually('the mail that confirms it', async () => {
      const { items } = (await (await fetch(`${this.#shop.mailbox}/api/messages?to=${encodeURIComponent(email)}`, { signal: AbortSignal.timeout(5000) })).json()) as { items: unknown[] };
      return items.length > 0 ? true : undefined;
    });
    return placed;
  }

  /** @throws what the shop says of the order in place of that it is paid */
  async expectPaid({ id, orderToken }: Order): Promise<true> {
    const { body } = await this.ask<Order>(`/api/orders/${id}`, { headers: { 'x-order-token': orderToken } });
    if (body.status !== 'paid') throw new Error(JSON.stringify(body).slice(0, 300));
    return true;
  }

  /** Something to buy, in euros. */
  async skuInStock(): Promise<string | undefined> {
    const { body } = await this.ask<{ items?: Product[] }>('/api/products?inStock=true&limit=50');
    return body.items?.flatMap(({ variants }) => variants).find(({ inStock, price }) => inStock && price.currency === 'EUR')?.sku;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
