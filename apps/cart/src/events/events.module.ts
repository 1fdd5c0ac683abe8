import { Module } from '@nestjs/common';
import { CartsModule } from '../carts/carts.module.ts';
import { PriceBookModule } from '../price-book/price-book.module.ts';
import { OrdersConsumer } from './orders.consumer.ts';
import { ProductsConsumer } from './products.consumer.ts';
import { UsersConsumer } from './users.consumer.ts';

/** All that the cart service listens to, in one place. */
@Module({ imports: [CartsModule, PriceBookModule], controllers: [OrdersConsumer, ProductsConsumer, UsersConsumer] })
export class EventsModule {}
