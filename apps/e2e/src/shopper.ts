import { randomUUID } from 'node:crypto';
import { createShopClient, type ShopClient } from '@shopfleet/client';
import { call, shop, waitFor, type Answer, type Call } from './shop.ts';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

export interface Variant {
  readonly sku: string;
  readonly price: { readonly amount: number; readonly currency: string };
}

export interface Order {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly orderToken?: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly totals: { readonly total: { readonly amount: number; readonly currency: string } };
  readonly code?: string;
}

export interface Cart {
  readonly id: string;
  readonly cartToken?: string;
  readonly lines: readonly { readonly id: string; readonly sku: string; readonly quantity: number }[];
}

export const address = { name: 'Ada Example', line1: '1 Sample Street', city: 'Springfield', postalCode: '12345', country: 'DE' };

/** Somebody who shops: a guest until `register` and `login`. Sends what a browser would keep. */
export class Shopper {
  readonly email = `shopper-${randomUUID()}@example.com`;
  private accessToken: string | undefined;
  private cartToken: string | undefined;

  private get headers(): Record<string, string> {
    if (this.accessToken !== undefined) return { authorization: `Bearer ${this.accessToken}` };
    return this.cartToken === undefined ? {} : { 'x-cart-token': this.cartToken };
  }

  /** The shop's API with the types of its documents: what they do not know does not compile. */
  private get api(): ShopClient {
    return createShopClient({ baseUrl: shop.url, headers: this.headers });
  }

  get<T = Record<string, unknown>>(path: string, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return call<T>(path, { headers: { ...this.headers, ...headers } });
  }

  post<T = Record<string, unknown>>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return call<T>(path, { method: 'POST', body, headers: { ...this.headers, ...headers } });
  }

  /** Any call, with what this shopper's browser would send along. */
  send<T = Record<string, unknown>>(path: string, options: Call): Promise<Answer<T>> {
    return call<T>(path, { ...options, headers: { ...this.headers, ...options.headers } });
  }

  /** Registers, follows the mail, logs in. */
  async becomeCustomer(password = 'correct-horse-battery'): Promise<void> {
    expectStatus(typed(await this.api.POST('/api/auth/register', { body: { email: this.email, password, name: 'Ada Example', locale: 'en' } })), 202);
    const mail = await this.mail(/verify|confirm/iu);
    const token = /token=([\w.~-]+)/u.exec(mail.text)?.[1] ?? '';
    expectStatus(typed(await this.api.POST('/api/auth/verify-email', { body: { token } })), 200, 204);
    await this.login(password);
  }

  async login(password: string, email = this.email): Promise<void> {
    const login = expectStatus(typed(await this.api.POST('/api/auth/login', { body: { email, password } })), 200);
    this.accessToken = login.body.accessToken;
  }

  async addToCart(sku: string, quantity = 1): Promise<Cart> {
    const answer = expectStatus(typed(await this.api.POST('/api/cart/items', { body: { sku, quantity } })), 200, 201);
    this.cartToken = answer.body.cartToken ?? this.cartToken;
    return answer.body;
  }

  async cart(): Promise<Cart> {
    return expectStatus(typed(await this.api.GET('/api/cart')), 200).body;
  }

  /** Places an order for what is in the cart. */
  async order(token: string, { key = randomUUID(), wait = 10 }: { key?: string; wait?: number } = {}): Promise<Answer<Order>> {
    const guest = this.accessToken === undefined ? { email: this.email } : {};
    const header = { 'Idempotency-Key': key, Prefer: `wait=${wait}` };
    return typed<Order>(await this.api.POST('/api/orders', { params: { header }, body: { payment: { token }, shippingAddress: address, locale: 'en', ...guest } }));
  }

  /** The newest mail to this shopper whose subject matches; waits for it. */
  mail(subject: RegExp): Promise<Mail> {
    return waitFor(`a mail to ${this.email} about ${subject.source}`, async () => {
      const list = (await (await fetch(`${shop.mailbox}/api/messages?to=${encodeURIComponent(this.email)}`)).json()) as { items: { id: string; subject: string }[] };
      const found = list.items.find((message) => subject.test(message.subject));
      return found && ((await (await fetch(`${shop.mailbox}/api/messages/${found.id}`)).json()) as Mail);
    });
  }
}

/** Variants that are in stock and share a currency, so that they fit in one cart. */
export async function variantsInStock(count: number, currency = 'EUR'): Promise<Variant[]> {
  const list = await call<{ items: { variants: Variant[] }[] }>('/api/products?inStock=true&limit=60&sort=createdAt');
  const variants = list.body.items.flatMap(({ variants: [first] }) => (first && first.price.currency === currency ? [first] : []));
  if (variants.length < count) throw new Error(`the catalogue has ${variants.length} products in ${currency} in stock, ${count} are needed`);
  return variants.slice(0, count);
}

/** @throws Error with the whole answer, so that a failed step explains itself */
export function expectStatus<T>(answer: Answer<T>, ...statuses: number[]): Answer<T> {
  if (!statuses.includes(answer.status)) throw new Error(`expected ${statuses.join(' or ')}, got ${answer.status}: ${answer.text}`);
  return answer;
}

/** What came back of the typed client, as the other tests know it. */
function typed<T>({ data, error, response }: { readonly data?: T; readonly error?: unknown; readonly response: Response }): Answer<T> {
  return { status: response.status, headers: Object.fromEntries(response.headers), body: (data ?? error) as T, text: JSON.stringify(data ?? error) };
}
