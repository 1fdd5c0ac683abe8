import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import type { FastifyReply } from 'fastify';
import { cartAnswer } from './cart-answer.ts';
import { CartOwners, type CartOwner } from './cart-owner.ts';
import { CartChangeRoute, CartRoute, CartTokenHeader, IfMatchHeader } from './cart-route.ts';
import {
  addItemSchema,
  changeItemSchema,
  lineParametersSchema,
  mergedCartSchema,
  type AddItem,
  type CartView,
  type ChangeItem,
  type MergedCartView,
} from './cart.schema.ts';
import { CartsService } from './carts.service.ts';
import { idempotencyKeyOf } from './change-headers.ts';
import { ExpectedVersion, OwnCart } from './own-cart.ts';

/** The cart of whoever asks: the customer's own with an access token, else the one of X-Cart-Token. */
@ApiTags('Cart')
@Controller('api/cart')
export class CartsController {
  constructor(
    private readonly carts: CartsService,
    private readonly owners: CartOwners,
  ) {}

  @Get()
  @CartRoute('Read the cart')
  async read(@OwnCart() owner: CartOwner, @Res({ passthrough: true }) reply: FastifyReply): Promise<CartView> {
    return cartAnswer(reply, await this.carts.read(owner), owner);
  }

  @Post('items')
  @CartChangeRoute('Put pieces of a SKU into the cart', { status: 201 })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'a retry under the same key adds nothing twice; kept 24 h' })
  async add(
    @OwnCart() owner: CartOwner,
    @ExpectedVersion() expectedVersion: string | undefined,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: addItemSchema }) { sku, quantity }: AddItem,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    return cartAnswer(reply, await this.carts.add(owner, sku, quantity, { expectedVersion, idempotencyKey: idempotencyKeyOf(key) }), owner);
  }

  @Patch('items/:lineId')
  @CartChangeRoute('Set how many pieces a line holds')
  async change(
    @OwnCart() owner: CartOwner,
    @ExpectedVersion() expectedVersion: string | undefined,
    @Param({ schema: lineParametersSchema }) { lineId }: { lineId: string },
    @Body({ schema: changeItemSchema }) { quantity }: ChangeItem,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    return cartAnswer(reply, await this.carts.setQuantity(owner, lineId, quantity, { expectedVersion }), owner);
  }

  @Delete('items/:lineId')
  @CartChangeRoute('Take a line out of the cart')
  async remove(
    @OwnCart() owner: CartOwner,
    @ExpectedVersion() expectedVersion: string | undefined,
    @Param({ schema: lineParametersSchema }) { lineId }: { lineId: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    return cartAnswer(reply, await this.carts.setQuantity(owner, lineId, 0, { expectedVersion }), owner);
  }

  @Delete()
  @CartChangeRoute('Empty the cart')
  async clear(@OwnCart() owner: CartOwner, @ExpectedVersion() expectedVersion: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<CartView> {
    return cartAnswer(reply, await this.carts.clear(owner, { expectedVersion }), owner);
  }

  @Post('merge')
  @HttpCode(200)
  @Authenticated()
  @ApiOperation({ summary: 'Move a guest’s lines into the customer’s cart; may be repeated' })
  @CartTokenHeader(true)
  @IfMatchHeader()
  @ApiResponse({ status: 200, standardSchema: mergedCartSchema })
  async merge(
    @CurrentPrincipal() principal: Principal,
    @Headers('x-cart-token') token: string | undefined,
    @ExpectedVersion() expectedVersion: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MergedCartView> {
    if (token === undefined) {
      throw new AppError('validation-failed', {
        detail: 'Send the guest’s cart token in the header X-Cart-Token.',
        errors: [{ pointer: '/headers/x-cart-token', message: 'is missing' }],
      });
    }
    const owner = this.owners.customer(principal.userId);
    const { cart, complete } = await this.carts.merge(principal.userId, token, { expectedVersion });
    return { ...cartAnswer(reply, cart, owner), complete };
  }
}
