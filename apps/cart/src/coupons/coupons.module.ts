import { Module } from '@nestjs/common';
import { CouponBook } from './coupon-book.store.ts';

@Module({ providers: [CouponBook], exports: [CouponBook] })
export class CouponsModule {}
