import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { cartAbandoned, createEvent } from '@shopfleet/contracts';
import { Jobs, type JobPolicy } from '@shopfleet/jobs';
import { asUnavailable, loadScript, RedisStateClient, type Script } from '@shopfleet/redis';
import type { Cart } from '../carts/cart.ts';
import { cartKeys } from '../carts/cart-keys.ts';
import { CartOwners } from '../carts/cart-owner.ts';
import { presentCart } from '../carts/cart.presenter.ts';
import { CartStore } from '../carts/cart.store.ts';

const policy: JobPolicy = { attempts: 1, backoffMs: 2_000, concurrency: 1, keepCompleted: 100, keepFailed: 1_000 };

/** Carts that one look takes up; the next look goes on from there. */
const MOST_AT_ONCE = 1_000;
const PAGE = 100;

export interface AbandonmentOptions {
  /** A cart that nobody has changed for so long is taken to be abandoned. */
  readonly afterSeconds: number;
  /** Pause between two looks. */
  readonly everyMs: number;
}

/**
 * Tells of customers' carts that were left with something in them. The carts stand in a sorted set by their last
 * change, so a look costs as much as there are abandoned ones, however many carts there are.
 */
@Injectable()
export class AbandonedCarts implements OnApplicationBootstrap {
  readonly #redis: RedisStateClient;
  readonly #abandon: Script<number>;

  constructor(
    redis: RedisStateClient,
    private readonly jobs: Jobs,
    private readonly carts: CartStore,
    private readonly owners: CartOwners,
    private readonly options: AbandonmentOptions,
  ) {
    this.#redis = redis;
    this.#abandon = loadScript(redis, new URL('../../lua/cart-abandon.lua', import.meta.url), { keys: 2 });
  }

  onApplicationBootstrap(): void {
    this.jobs.repeat('cart', policy, this.options.everyMs, async () => void (await this.sweep()));
  }

  /** Announces the carts that are due; resolves with how many. Safe to run anywhere at the same time. */
  async sweep(): Promise<number> {
    const [now] = await this.#redis.time().catch(unavailable);
    const due = Number(now) - this.options.afterSeconds;
    let announced = 0;
    for (let taken = 0; taken < MOST_AT_ONCE; taken += PAGE) {
      const found = await this.#redis.zrangebyscore(cartKeys.touched, '-inf', due, 'WITHSCORES', 'LIMIT', 0, PAGE).catch(unavailable);
      for (let i = 0; i < found.length; i += 2) announced += await this.announce(found[i] ?? '', Number(found[i + 1]));
      if (found.length < PAGE * 2) break;
    }
    return announced;
  }

  private async announce(userId: string, since: number): Promise<number> {
    const owner = this.owners.customer(userId);
    const cart = await this.carts.read(owner.cartId);
    const event = cart.lines.length === 0 ? '' : JSON.stringify(this.eventOf(cart, userId, since));
    const done = await this.#abandon([cartKeys.touched, cartKeys.outbox], userId, since, event);
    return done === 1 && event !== '' ? 1 : 0;
  }

  private eventOf(cart: Cart, userId: string, since: number) {
    const { subtotal } = presentCart(cart, this.owners.customer(userId));
    const data = { cartId: cart.id, userId, lineCount: cart.lines.length, subtotal, lastChangedAt: new Date(since * 1_000).toISOString() };
    return createEvent(cartAbandoned, { source: 'cart', subject: cart.id, data });
  }
}

function unavailable(error: unknown): never {
  throw asUnavailable(error);
}
