import { Module } from '@nestjs/common';
import { PriceBookModule } from '../price-book/price-book.module.ts';
import { PriceDrops } from './price-drops.ts';
import { WishlistController } from './wishlist.controller.ts';
import { WishlistStore } from './wishlist.store.ts';

@Module({ imports: [PriceBookModule], controllers: [WishlistController], providers: [WishlistStore, PriceDrops], exports: [WishlistStore, PriceDrops] })
export class WishlistModule {}
