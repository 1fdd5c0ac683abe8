import { Body, Controller, Delete, Headers, Put, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, OptionalIdentity, type Principal } from '@shopfleet/identity';
import { problemSchema } from '@shopfleet/service';
import type { FastifyReply } from 'fastify';
import { CartOwners } from './cart-owner.ts';
import { cartAnswer } from './cart-answer.ts';
import { cartSchema, chooseCouponSchema, chooseShippingSchema, type CartView, type ChooseCoupon, type ChooseShipping } from './cart.schema.ts';
import { CartsService } from './carts.service.ts';
import { expectedVersionOf } from './change-headers.ts';

const cartToken = ApiHeader({ name: 'X-Cart-Token', required: false, description: 'a guest’s cart' });
const ifMatch = ApiHeader({ name: 'If-Match', required: false, description: 'the ETag of the cart as last read; 412 if it was changed meanwhile' });

/** What is chosen for the whole cart and comes with it to the order. */
@ApiTags('Cart')
@Controller('api/cart')
export class ChoicesController {
  constructor(
    private readonly carts: CartsService,
    private readonly owners: CartOwners,
  ) {}

  @Put('coupon')
  @OptionalIdentity()
  @ApiOperation({ summary: 'Name a coupon; the quote says what it gives, the order uses it' })
  @cartToken
  @ifMatch
  @ApiResponse({ status: 200, standardSchema: cartSchema })
  @ApiResponse({ status: 404, standardSchema: problemSchema, description: 'No such coupon' })
  @ApiResponse({ status: 409, standardSchema: problemSchema, description: 'It does not hold now: withdrawn, too early, expired or used up' })
  async useCoupon(
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-cart-token') token: string | undefined,
    @Headers('if-match') match: string | undefined,
    @Body({ schema: chooseCouponSchema }) { code }: ChooseCoupon,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    const owner = this.owners.ownerOf(principal, token);
    return cartAnswer(reply, await this.carts.useCoupon(owner, code, { expectedVersion: expectedVersionOf(match) }), owner);
  }

  @Delete('coupon')
  @OptionalIdentity()
  @ApiOperation({ summary: 'Take the coupon back' })
  @cartToken
  @ifMatch
  @ApiResponse({ status: 200, standardSchema: cartSchema })
  async dropCoupon(
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-cart-token') token: string | undefined,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    const owner = this.owners.ownerOf(principal, token);
    return cartAnswer(reply, await this.carts.dropCoupon(owner, { expectedVersion: expectedVersionOf(match) }), owner);
  }

  @Put('shipping')
  @OptionalIdentity()
  @ApiOperation({ summary: 'Choose how the parcel comes; the quote lists what goes to a country' })
  @cartToken
  @ifMatch
  @ApiResponse({ status: 200, standardSchema: cartSchema })
  async chooseShipping(
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-cart-token') token: string | undefined,
    @Headers('if-match') match: string | undefined,
    @Body({ schema: chooseShippingSchema }) { method }: ChooseShipping,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    const owner = this.owners.ownerOf(principal, token);
    return cartAnswer(reply, await this.carts.chooseShipping(owner, method, { expectedVersion: expectedVersionOf(match) }), owner);
  }
}
