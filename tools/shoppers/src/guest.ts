import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, RunningShop } from './running-shop.ts';

export interface Placed {
  readonly id?: string;
  /** In problems about an order. */
  readonly orderId?: string;
  readonly status?: string;
  readonly orderToken?: string;
  readonly code?: string;
}

export type Doing = 'cart' | 'order';
type Watch = <T>(doing: Doing, work: () => Promise<Answer<T>>) => Promise<Answer<T> | undefined>;

const address = { name: 'Ada Example', line1: '1 Example Street', city: 'Exampleton', postalCode: '12345', country: 'DE' };
const patienceMs = 240_000;
const undecided = ['pending', 'reserved', 'awaiting_payment'];

/** Somebody without an account who buys, and asks again under the same key until there is an answer. */
export class Guest {
  readonly key = randomUUID();
  /** Where mails about the order go. */
  readonly email = `guest-${this.key}@example.com`;
  private readonly shop: Pick<RunningShop, 'ask'>;
  private readonly watch: Watch;
  private cartToken: string | undefined;
  private tried = 0;

  /** @param watch is told of each request */
  constructor(shop: Pick<RunningShop, 'ask'>, watch: Watch = (_doing, work) => work()) {
    this.shop = shop;
    this.watch = watch;
  }

  /** How often the shop was asked for the order. */
  get tries(): number {
    return this.tried;
  }

  /** Puts pieces into the cart; tries on while the shop cannot, or does not know the SKU yet. @throws Error when it refuses */
  async fill(sku: string, quantity = 1): Promise<this> {
    const { status, body } = await this.untilAnswered('cart', async () => {
      const headers: Record<string, string> = this.cartToken === undefined ? {} : { 'x-cart-token': this.cartToken };
      const answer = await this.shop.ask<{ cartToken?: string; code?: string }>('/api/cart/items', { method: 'POST', headers, body: { sku, quantity } });
      this.cartToken = answer.body.cartToken ?? this.cartToken;
      return answer;
    });
    if (status >= 400) throw new Error(`the cart does not take ${sku}: ${status} ${JSON.stringify(body)}`);
    return this;
  }

  /** One try. @throws when the connection breaks or the guest hangs up */
  order(token = 'tok_ok', { wait = 5, signal }: { readonly wait?: number; readonly signal?: AbortSignal } = {}): Promise<Answer<Placed>> {
    this.tried += 1;
    return this.shop.ask<Placed>('/api/orders', {
      method: 'POST',
      headers: { 'idempotency-key': this.key, 'x-cart-token': this.cartToken ?? '', prefer: `wait=${wait}` },
      body: { payment: { token }, shippingAddress: address, email: this.email },
      ...(signal && { signal }),
    });
  }

  /** The answer that the shop stands by. @throws Error after four minutes */
  orderUntilAnswered(token = 'tok_ok', wait = 5): Promise<Answer<Placed>> {
    return this.untilAnswered('order', () => this.order(token, { wait }));
  }

  /** Orders, and looks after the order until it is paid; resolves with its id. @throws Error when it ends otherwise */
  async orderUntilPaid(): Promise<string> {
    const { status, body } = await this.orderUntilAnswered();
    const { id, orderToken = '' } = body;
    if ((status !== 201 && status !== 202) || id === undefined) throw new Error(`the order was refused: ${status} ${JSON.stringify(body)}`);
    for (const deadline = Date.now() + patienceMs; ; await pause(200)) {
      const seen = await this.untilAnswered('order', () => this.shop.ask<Placed>(`/api/orders/${id}`, { headers: { 'x-order-token': orderToken } }));
      if (seen.body.status === 'paid') return id;
      if (Date.now() > deadline || !undecided.includes(seen.body.status ?? '')) throw new Error(`order ${id} is ${seen.body.status}`);
    }
  }

  private async untilAnswered<T extends { readonly code?: string }>(doing: Doing, ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
    const deadline = Date.now() + patienceMs;
    for (let tries = 1, last: unknown; ; tries += 1) {
      const answer = await this.watch(doing, ask).catch((error: unknown) => void (last = error));
      // A new SKU is not in every price book at once.
      const isLater = !answer || answer.status >= 500 || answer.status === 429 || answer.body.code === 'idempotency-in-flight' || (doing === 'cart' && answer.status === 404);
      if (!isLater) return answer;
      if (Date.now() > deadline) throw new Error(`no answer within ${patienceMs / 1000} s: ${answer ? `${answer.status} ${JSON.stringify(answer.body)}` : String(last)}`);
      // As clients should: a little later each time, and not all at once.
      await pause(Math.min(3000, 100 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
  }
}
