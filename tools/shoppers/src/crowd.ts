import { setTimeout as pause } from 'node:timers/promises';
import { Guest, type Doing as Buying } from './guest.ts';
import type { Answer, RunningShop } from './running-shop.ts';

export type Doing = 'browse' | Buying;

/** One request of somebody in the crowd. */
export interface Asking {
  readonly doing: Doing;
  readonly at: number;
  readonly ms: number;
  /** 0 when no answer came. */
  readonly status: number;
  readonly retryAfter: boolean;
}

/** An order of somebody in the crowd, told by whoever wanted it. */
export interface Wish {
  readonly startedAt: number;
  tries: number;
  endedAt?: number;
  id?: string;
  /** Where mails about it go. */
  readonly email: string;
  /** Of the answer that the shop stands by. */
  status?: number;
  problem?: string;
}

export interface Figures {
  readonly asked: number;
  /** Answers that a shopper takes for a failure: none at all, and all from 500 on. */
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  readonly statuses: Readonly<Record<string, number>>;
}

export interface CrowdSize {
  readonly browsers?: number;
  readonly carts?: number;
  readonly buyers?: number;
}

interface Party {
  stays: boolean;
}

const browsePauseMs = 60;
const cartPauseMs = 150;
const buyPauseMs = 300;

/** People who browse, fill carts and buy until they are sent home; each of them pauses between two requests, as people do. */
export class Crowd {
  readonly askings: Asking[] = [];
  readonly wishes: Wish[] = [];
  private readonly shop: RunningShop;
  private readonly skus: readonly string[];
  private readonly unanswered = new Set<{ readonly at: number }>();
  private readonly parties: { readonly party: Party; readonly people: readonly Promise<void>[] }[] = [];

  constructor(shop: RunningShop, skus: readonly string[], { browsers = 4, carts = 2, buyers = 3 }: CrowdSize = {}) {
    this.shop = shop;
    this.skus = skus;
    this.join({ browsers, carts, buyers });
  }

  /** More of them, until they are told to leave. */
  join({ browsers = 0, carts = 0, buyers = 0 }: CrowdSize): { leave(): Promise<void> } {
    const party: Party = { stays: true };
    const come = (count: number, live: (number: number, party: Party) => Promise<void>): Promise<void>[] => Array.from({ length: count }, (_, n) => live.call(this, n, party));
    const people = [...come(browsers, this.browse), ...come(carts, this.changeCart), ...come(buyers, this.buy)];
    this.parties.push({ party, people });
    return { leave: () => leave(party, people) };
  }

  /** Whoever waits for an answer gets it, or gives up after two minutes. */
  async goHome(): Promise<void> {
    await Promise.all(this.parties.map(({ party, people }) => leave(party, people)));
  }

  /** Whether everything that was asked before a moment has an answer, or was given up. */
  isAnswered(before: number): boolean {
    return [...this.unanswered].every(({ at }) => at >= before);
  }

  /** What happened from a moment on, up to another, as far as it has been answered. */
  figures(doing: Doing, from: number, to = Number.POSITIVE_INFINITY): Figures {
    const those = this.askings.filter((asking) => asking.doing === doing && asking.at >= from && asking.at < to);
    const times = those.map(({ ms }) => ms).sort((a, b) => a - b);
    const at = (share: number): number => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
    const statuses: Record<string, number> = {};
    for (const { status } of those) statuses[status === 0 ? 'none' : String(status)] = (statuses[status === 0 ? 'none' : String(status)] ?? 0) + 1;
    return { asked: those.length, failed: those.filter(({ status }) => status === 0 || status >= 500).length, p50: at(0.5), p99: at(0.99), slowest: at(1), statuses };
  }

  private async browse(number: number, party: Party): Promise<void> {
    const paths = ['/api/products?limit=20', '/api/categories', '/api/deals', '/api/recommendations'];
    for (let n = number * 7; party.stays; n += 1) {
      await this.asked('browse', () => this.shop.ask(n % 2 === 0 ? (paths[(n / 2) % paths.length] ?? '') : lookedFor(n)));
      await pause(browsePauseMs);
    }
  }

  private async changeCart(number: number, party: Party): Promise<void> {
    let headers: Record<string, string> = {};
    for (let n = 0; party.stays; n += 1) {
      // A person's cart is not looked at for ever: a new one now and then.
      if (n % 20 === 0) headers = {};
      const answer = n % 2 === 0
        ? await this.asked('cart', () => this.shop.ask<{ cartToken?: string }>('/api/cart/items', { method: 'POST', headers, body: { sku: this.skus[(number + n) % this.skus.length], quantity: 1 } }))
        : await this.asked('cart', () => this.shop.ask<{ cartToken?: string }>('/api/cart', { headers }));
      if (answer?.body.cartToken !== undefined) headers = { 'x-cart-token': answer.body.cartToken };
      await pause(cartPauseMs);
    }
  }

  private async buy(number: number, party: Party): Promise<void> {
    for (let n = 0; party.stays; n += 1) {
      const guest = new Guest(this.shop, (doing, work) => this.asked(doing, work));
      const wish: Wish = { startedAt: Date.now(), tries: 0, email: guest.email };
      try {
        await guest.fill(this.skus[(number + n * 3) % this.skus.length] ?? '');
        this.wishes.push(wish);
        const { status, body } = await guest.orderUntilAnswered();
        Object.assign(wish, { status, id: body.id, endedAt: Date.now() });
      } catch (error) {
        Object.assign(wish, { problem: error instanceof Error ? error.message : String(error), endedAt: Date.now() });
      }
      wish.tries = guest.tries;
      await pause(buyPauseMs);
    }
  }

  private async asked<T>(doing: Doing, work: () => Promise<Answer<T>>): Promise<Answer<T> | undefined> {
    const asking = { at: Date.now() };
    this.unanswered.add(asking);
    const answer = await work().catch(() => undefined);
    this.unanswered.delete(asking);
    const { at } = asking;
    this.askings.push({ doing, at, ms: Date.now() - at, status: answer?.status ?? 0, retryAfter: answer?.retryAfter !== undefined });
    return answer;
  }
}

/** A page that nginx does not keep; every second of them is one that nobody has asked for yet, so that the database answers. */
function lookedFor(n: number): string {
  const page = `/api/products?limit=5&page=${(n % 50) + 1}&sort=price`;
  return n % 4 === 1 ? page : `${page}&maxPrice=${90_000_000 + (Date.now() % 1_000_000)}`;
}

async function leave(party: Party, people: readonly Promise<void>[]): Promise<void> {
  party.stays = false;
  await Promise.all(people);
}
