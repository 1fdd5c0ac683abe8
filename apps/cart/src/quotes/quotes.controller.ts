import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, OptionalIdentity, type Principal } from '@shopfleet/identity';
import type { FastifyReply } from 'fastify';
import { CartOwners } from '../carts/cart-owner.ts';
import { quoteOf } from './quote.presenter.ts';
import { quoteQuerySchema, quoteSchema, type QuoteQuery, type QuoteView } from './quote.schema.ts';
import { QuoteStore } from './quote.store.ts';

/** What the cart comes to. */
@ApiTags('Cart')
@Controller('api/cart/quote')
export class QuotesController {
  constructor(
    private readonly quotes: QuoteStore,
    private readonly owners: CartOwners,
  ) {}

  @Get()
  @OptionalIdentity()
  @ApiOperation({ summary: 'What the cart comes to: prices of now, coupon, tax, shipping; the order charges the same' })
  @ApiHeader({ name: 'X-Cart-Token', required: false, description: 'a guest’s cart' })
  @ApiResponse({ status: 200, standardSchema: quoteSchema })
  async quote(
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-cart-token') token: string | undefined,
    @Query({ schema: quoteQuerySchema }) { country }: QuoteQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuoteView> {
    const owner = this.owners.ownerOf(principal, token);
    const quoted = await this.quotes.read(owner.cartId);
    void reply.header('cache-control', 'private, no-store');
    return quoteOf(quoted, country, Date.now());
  }
}
