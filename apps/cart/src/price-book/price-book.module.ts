import { Module } from '@nestjs/common';
import { PriceBook } from './price-book.store.ts';

@Module({ providers: [PriceBook], exports: [PriceBook] })
export class PriceBookModule {}
