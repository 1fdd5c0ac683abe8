import { Module } from '@nestjs/common';
import { PriceBookRepository } from './price-book.repository.ts';
import { ProductConsumer } from './product.consumer.ts';

@Module({ controllers: [ProductConsumer], providers: [PriceBookRepository], exports: [PriceBookRepository] })
export class PriceBookModule {}
