import { Module } from '@nestjs/common';
import { AvailabilityModule } from '../availability/availability.module.ts';
import { CartsModule } from '../carts/carts.module.ts';
import { CouponsModule } from '../coupons/coupons.module.ts';
import { PriceBookModule } from '../price-book/price-book.module.ts';
import { WishlistModule } from '../wishlist/wishlist.module.ts';
import { CouponsConsumer } from './coupons.consumer.ts';
import { OrdersConsumer } from './orders.consumer.ts';
import { ProductsConsumer } from './products.consumer.ts';
import { StockConsumer } from './stock.consumer.ts';
import { UsersConsumer } from './users.consumer.ts';

/** All that the cart service listens to, in one place. */
@Module({
  imports: [AvailabilityModule, CartsModule, CouponsModule, PriceBookModule, WishlistModule],
  controllers: [CouponsConsumer, OrdersConsumer, ProductsConsumer, StockConsumer, UsersConsumer],
})
export class EventsModule {}
