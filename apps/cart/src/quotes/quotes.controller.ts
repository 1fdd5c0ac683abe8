import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { CartOwner } from '../carts/cart-owner.ts';
import { CartRoute } from '../carts/cart-route.ts';
import { OwnCart } from '../carts/own-cart.ts';
import { quoteOf } from './quote.presenter.ts';
import { quoteQuerySchema, quoteSchema, type QuoteQuery, type QuoteView } from './quote.schema.ts';
import { QuoteStore } from './quote.store.ts';

/** What the cart comes to. */
@ApiTags('Cart')
@Controller('api/cart/quote')
export class QuotesController {
  constructor(private readonly quotes: QuoteStore) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  @CartRoute('What the cart comes to: prices of now, coupon, tax, shipping; the order charges the same', { schema: quoteSchema })
  async quote(@OwnCart() owner: CartOwner, @Query({ schema: quoteQuerySchema }) { country }: QuoteQuery): Promise<QuoteView> {
    return quoteOf(await this.quotes.read(owner.cartId), country, Date.now());
  }
}
