import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { couponChanged, EventOf } from '@shopfleet/contracts';
import { CouponBook } from '../coupons/coupon-book.store.ts';

/** Keeps the copy of the coupons. */
@Controller()
export class CouponsConsumer {
  constructor(private readonly coupons: CouponBook) {}

  @EventPattern<string>('coupon.changed.v1')
  async onChanged(@Payload() { data }: EventOf<typeof couponChanged>): Promise<void> {
    await this.coupons.apply(data);
  }
}
