import { Module } from '@nestjs/common';
import { CouponUses } from './coupon-uses.ts';
import { CouponsController } from './coupons.controller.ts';
import { CouponsRepository } from './coupons.repository.ts';
import { CouponsService } from './coupons.service.ts';

@Module({ controllers: [CouponsController], providers: [CouponsRepository, CouponsService, CouponUses], exports: [CouponsRepository, CouponUses] })
export class CouponsModule {}
