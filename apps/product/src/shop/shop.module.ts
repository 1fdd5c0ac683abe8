import { Module } from '@nestjs/common';
import { ServiceDirectory } from './service-directory.ts';
import { ShopHealthController } from './shop-health.controller.ts';

@Module({ controllers: [ShopHealthController], providers: [ServiceDirectory], exports: [ServiceDirectory] })
export class ShopModule {}
