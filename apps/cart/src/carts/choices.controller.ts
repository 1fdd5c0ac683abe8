import { Body, Controller, Delete, Put, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { problemSchema } from '@shopfleet/service';
import type { FastifyReply } from 'fastify';
import { cartAnswer } from './cart-answer.ts';
import type { CartOwner } from './cart-owner.ts';
import { CartChangeRoute } from './cart-route.ts';
import { chooseCouponSchema, chooseShippingSchema, type CartView, type ChooseCoupon, type ChooseShipping } from './cart.schema.ts';
import { CartsService } from './carts.service.ts';
import { ExpectedVersion, OwnCart } from './own-cart.ts';

/** What is chosen for the whole cart and comes with it to the order. */
@ApiTags('Cart')
@Controller('api/cart')
export class ChoicesController {
  constructor(private readonly carts: CartsService) {}

  @Put('coupon')
  @CartChangeRoute('Name a coupon; the quote says what it gives, the order uses it')
  @ApiResponse({ status: 404, standardSchema: problemSchema, description: 'No such coupon' })
  @ApiResponse({ status: 409, standardSchema: problemSchema, description: 'It does not hold now: withdrawn, too early, expired or used up' })
  async useCoupon(
    @OwnCart() owner: CartOwner,
    @ExpectedVersion() expectedVersion: string | undefined,
    @Body({ schema: chooseCouponSchema }) { code }: ChooseCoupon,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    return cartAnswer(reply, await this.carts.useCoupon(owner, code, { expectedVersion }), owner);
  }

  @Delete('coupon')
  @CartChangeRoute('Take the coupon back')
  async dropCoupon(@OwnCart() owner: CartOwner, @ExpectedVersion() expectedVersion: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<CartView> {
    return cartAnswer(reply, await this.carts.dropCoupon(owner, { expectedVersion }), owner);
  }

  @Put('shipping')
  @CartChangeRoute('Choose how the parcel comes; the quote lists what goes to a country')
  async chooseShipping(
    @OwnCart() owner: CartOwner,
    @ExpectedVersion() expectedVersion: string | undefined,
    @Body({ schema: chooseShippingSchema }) { method }: ChooseShipping,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    return cartAnswer(reply, await this.carts.chooseShipping(owner, method, { expectedVersion }), owner);
  }
}
