import { Module } from '@nestjs/common';
import { CartClient } from './cart.client.ts';

@Module({ providers: [CartClient], exports: [CartClient] })
export class CartClientModule {}
