import { Module } from '@nestjs/common';
import { PairCounter } from './pair-counter.ts';
import { PurchasesService } from './purchases.service.ts';

@Module({ providers: [PurchasesService, PairCounter], exports: [PurchasesService, PairCounter] })
export class PurchasesModule {}
