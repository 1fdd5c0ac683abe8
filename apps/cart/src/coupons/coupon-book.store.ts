import { Injectable } from '@nestjs/common';
import type { couponChanged, EventOf } from '@shopfleet/contracts';
import type { Coupon } from '@shopfleet/pricing';
import { asUnavailable, loadScript, RedisStateClient, type Script } from '@shopfleet/redis';
import { cartKeys } from '../carts/cart-keys.ts';

type CouponNews = EventOf<typeof couponChanged>['data'];

/** Reads a coupon as it is stored: the event's data, judged by the contract when it came in. */
export function couponOf(json: string): Coupon {
  const { startsAt, endsAt, ...coupon } = JSON.parse(json) as CouponNews;
  return { ...coupon, startsAt: startsAt === undefined ? undefined : Date.parse(startsAt), endsAt: endsAt === undefined ? undefined : Date.parse(endsAt) };
}

/** Cart's own copy of the coupons: quotes are made without asking the order service, which alone counts the uses. */
@Injectable()
export class CouponBook {
  readonly #redis: RedisStateClient;
  readonly #keepNewest: Script<number>;

  constructor(redis: RedisStateClient) {
    this.#redis = redis;
    this.#keepNewest = loadScript(redis, new URL('../../lua/newest-wins.lua', import.meta.url), { keys: 1 });
  }

  /** @returns false when this or a newer version is known already */
  async apply(news: CouponNews): Promise<boolean> {
    return (await this.#keepNewest([cartKeys.coupons], news.code, news.version, JSON.stringify(news))) === 1;
  }

  async find(code: string): Promise<Coupon | undefined> {
    const json = await this.#redis.hget(cartKeys.coupons, code).catch((error: unknown) => {
      throw asUnavailable(error);
    });
    return json === null ? undefined : couponOf(json);
  }
}
