import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultShop } from './shop.ts';

export interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  readonly text: string;
  readonly body: { readonly id?: string; readonly orderId?: string; readonly status?: string; readonly code?: string };
}

const address = { name: 'Ada Example', line1: '1 Example Street', city: 'Exampleton', postalCode: '12345', country: 'DE' };
const patienceMs = 240_000;

/** Requests that have been sent and not been answered. */
export class InFlight {
  count = 0;

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.count += 1;
    try {
      return await work();
    } finally {
      this.count -= 1;
    }
  }
}

/** A guest with a cart, who asks again under the same key until there is an answer. */
export class Guest {
  readonly key = randomUUID();
  private cartToken = '';

  constructor(
    private readonly shop: FaultShop,
    private readonly inFlight: InFlight = new InFlight(),
  ) {}

  /** Until the cart has taken it: the price book may not know a new SKU yet. */
  async fill(sku: string, quantity = 1): Promise<this> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const headers = { 'content-type': 'application/json', ...(this.cartToken !== '' && { 'x-cart-token': this.cartToken }) };
      const answer = await fetch(`${this.shop.url}/api/cart/items`, { method: 'POST', headers, body: JSON.stringify({ sku, quantity }) }).catch(() => undefined);
      const body = answer && ((await answer.json().catch(() => ({}))) as { cartToken?: string });
      if (answer?.ok) {
        this.cartToken = body?.cartToken ?? this.cartToken;
        return this;
      }
      if (Date.now() > deadline) throw new Error(`the cart does not take ${sku}: ${answer?.status} ${JSON.stringify(body)}`);
      await pause(200);
    }
  }

  /** One try. @throws when the connection breaks or the client hangs up */
  async order(token = 'tok_ok', { wait = 8, signal }: { wait?: number; signal?: AbortSignal } = {}): Promise<Answer> {
    return this.inFlight.during(async () => {
      const response = await fetch(`${this.shop.url}/api/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': this.key, 'x-cart-token': this.cartToken, prefer: `wait=${wait}` },
        body: JSON.stringify({ payment: { token }, shippingAddress: address, email: 'guest@example.com' }),
        ...(signal && { signal }),
      });
      const text = await response.text();
      return { status: response.status, replayed: response.headers.get('idempotency-replayed') === 'true', text, body: JSON.parse(text) as Answer['body'] };
    });
  }

  /** The same key again until the shop has given an answer that it stands by. */
  async orderUntilAnswered(token = 'tok_ok', wait = 8): Promise<Answer> {
    const deadline = Date.now() + patienceMs;
    let tries = 0;
    for (let last: unknown; ; ) {
      const answer = await this.order(token, { wait }).catch((error: unknown) => void (last = error));
      if (answer && answer.status < 500 && answer.status !== 429 && answer.body.code !== 'idempotency-in-flight') return answer;
      if (Date.now() > deadline) throw new Error(`no answer within ${patienceMs / 1000} s: ${answer?.text ?? String(last)}`);
      // As clients should: a little later each time, and not all at once.
      tries += 1;
      await pause(Math.min(3000, 200 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
  }
}
