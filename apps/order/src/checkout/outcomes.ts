import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Gathered } from '@shopfleet/mongo';
import { RedisStateClient } from '@shopfleet/redis';
import type { Order } from '../orders/domain/order.ts';
import { isUndecided } from '../orders/domain/order-status.ts';
import { OrdersRepository } from '../orders/orders.repository.ts';

const channel = 'order:outcomes';
// The net under the messages: pauses between looks at the order itself.
const pollMs = [1000, 2000] as const;

/** Somebody who waits for the outcome of one order. */
export interface Expectation {
  /** Resolves with the order as it stands when it is decided, or after `ms` milliseconds. */
  within(ms: number): Promise<Order>;
  /** Waits no longer. */
  cancel(): void;
}

/** Those who wait for one order. */
interface Awaited {
  readonly listeners: Set<(order: Order | undefined) => void>;
  /** As it was placed here. */
  readonly placed: Order | undefined;
}

/**
 * Wakes those who wait for an order's outcome. Whoever decides it may be another worker: Redis carries the word, and
 * looking at the order from time to time is the net when it does not.
 */
@Injectable()
export class Outcomes implements OnApplicationBootstrap {
  private readonly logger = new Logger(Outcomes.name);
  private readonly look: Gathered<string, Order | undefined>;
  private readonly waiting = new Map<string, Awaited>();

  constructor(
    private readonly redis: RedisStateClient,
    orders: OrdersRepository,
  ) {
    this.look = new Gathered(async (ids) => {
      const found = await orders.findByIds(ids);
      return ids.map((id) => found.get(id));
    });
  }

  onApplicationBootstrap(): void {
    const wakeAll = (): void => {
      for (const orderId of this.waiting.keys()) this.wake(orderId, undefined);
    };
    this.redis
      .listen(channel, { onMessage: (orderId) => this.wake(orderId, undefined), onGap: wakeAll })
      .catch((error: unknown) => this.logger.warn(`not listening for outcomes, looking from time to time instead: ${String(error)}`));
  }

  /**
   * Begin to expect before the order is placed: its outcome may be there before the answer to the placing is.
   * @param placed what is being placed, where it is a new order
   */
  expect(orderId: string, placed?: Order): Expectation {
    let notify: (order: Order | undefined) => void = () => undefined;
    let early: { order: Order | undefined } | undefined;
    const listener = (order: Order | undefined): void => {
      early = { order };
      notify(order);
    };
    const awaited = this.waiting.get(orderId) ?? { listeners: new Set(), placed };
    const { listeners } = awaited;
    listeners.add(listener);
    this.waiting.set(orderId, awaited);
    const cancel = (): void => {
      listeners.delete(listener);
      if (listeners.size === 0) this.waiting.delete(orderId);
    };
    const word = (ms: number): Promise<Order | undefined> => {
      const heard = early;
      early = undefined;
      if (heard) return Promise.resolve(heard.order);
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), ms);
        notify = (order) => {
          clearTimeout(timer);
          early = undefined;
          resolve(order);
        };
      });
    };
    const within = async (ms: number): Promise<Order> => {
      const deadline = performance.now() + ms;
      try {
        for (let look = 0; ; look += 1) {
          const left = deadline - performance.now();
          const heard = left > 0 ? await word(Math.min(left, pollMs[Math.min(look, pollMs.length - 1)] ?? 2000)) : undefined;
          if (heard) return heard;
          const order = await this.look.run(orderId);
          if (!order) throw new Error(`order ${orderId} is awaited but was never placed`);
          if (!isUndecided(order.status) || performance.now() >= deadline) return order;
        }
      } finally {
        cancel();
      }
    };
    return { within, cancel };
  }

  /** An order that this worker has placed and still waits for: as it was placed, which spares a look at it. */
  placedHere(orderId: string): Order | undefined {
    return this.waiting.get(orderId)?.placed;
  }

  /** Tells whoever waits, in this worker or another. */
  announce(order: Order): void {
    if (isUndecided(order.status) || this.wake(order.id, order)) return;
    this.redis.publish(channel, order.id).catch(() => undefined);
  }

  private wake(orderId: string, order: Order | undefined): boolean {
    const awaited = this.waiting.get(orderId);
    for (const listener of awaited?.listeners ?? []) listener(order);
    return awaited !== undefined;
  }
}
