import { Module } from '@nestjs/common';
import { MongoProductSearch } from './mongo-product-search.ts';
import { ProductSearch } from './product-search.ts';

@Module({ providers: [{ provide: ProductSearch, useClass: MongoProductSearch }], exports: [ProductSearch] })
export class SearchModule {}
