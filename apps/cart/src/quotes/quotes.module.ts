import { Module } from '@nestjs/common';
import { CartsModule } from '../carts/carts.module.ts';
import { QuoteStore } from './quote.store.ts';
import { QuotesController } from './quotes.controller.ts';

@Module({ imports: [CartsModule], controllers: [QuotesController], providers: [QuoteStore] })
export class QuotesModule {}
