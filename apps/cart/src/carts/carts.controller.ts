import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, OptionalIdentity, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import type { FastifyReply } from 'fastify';
import { cartAnswer } from './cart-answer.ts';
import { CartOwners } from './cart-owner.ts';
import {
  addItemSchema,
  cartSchema,
  changeItemSchema,
  lineParametersSchema,
  mergedCartSchema,
  type AddItem,
  type CartView,
  type ChangeItem,
  type MergedCartView,
} from './cart.schema.ts';
import { CartsService } from './carts.service.ts';
import { expectedVersionOf, idempotencyKeyOf } from './change-headers.ts';

const cartToken = ApiHeader({ name: 'X-Cart-Token', required: false, description: 'a guest’s cart, as given in `cartToken` of an earlier answer' });
const ifMatch = ApiHeader({ name: 'If-Match', required: false, description: 'the ETag of the cart as last read; 412 if it was changed meanwhile' });

/** The cart of whoever asks: the customer's own with an access token, else the one of X-Cart-Token. */
@ApiTags('Cart')
@Controller('api/cart')
export class CartsController {
  constructor(
    private readonly carts: CartsService,
    private readonly owners: CartOwners,
  ) {}

  @Get()
  @OptionalIdentity()
  @ApiOperation({ summary: 'Read the cart' })
  @cartToken
  @ApiResponse({ status: 200, standardSchema: cartSchema })
  async read(
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-cart-token') token: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    const owner = this.owners.ownerOf(principal, token);
    return cartAnswer(reply, await this.carts.read(owner), owner);
  }

  @Post('items')
  @OptionalIdentity()
  @ApiOperation({ summary: 'Put pieces of a SKU into the cart' })
  @cartToken
  @ifMatch
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'a retry under the same key adds nothing twice; kept 24 h' })
  @ApiResponse({ status: 201, standardSchema: cartSchema })
  async add(
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-cart-token') token: string | undefined,
    @Headers('if-match') match: string | undefined,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: addItemSchema }) { sku, quantity }: AddItem,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    const owner = this.owners.ownerOf(principal, token);
    const terms = { expectedVersion: expectedVersionOf(match), idempotencyKey: idempotencyKeyOf(key) };
    return cartAnswer(reply, await this.carts.add(owner, sku, quantity, terms), owner);
  }

  @Patch('items/:lineId')
  @OptionalIdentity()
  @ApiOperation({ summary: 'Set how many pieces a line holds' })
  @cartToken
  @ifMatch
  @ApiResponse({ status: 200, standardSchema: cartSchema })
  async change(
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-cart-token') token: string | undefined,
    @Headers('if-match') match: string | undefined,
    @Param({ schema: lineParametersSchema }) { lineId }: { lineId: string },
    @Body({ schema: changeItemSchema }) { quantity }: ChangeItem,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    const owner = this.owners.ownerOf(principal, token);
    return cartAnswer(reply, await this.carts.setQuantity(owner, lineId, quantity, { expectedVersion: expectedVersionOf(match) }), owner);
  }

  @Delete('items/:lineId')
  @OptionalIdentity()
  @ApiOperation({ summary: 'Take a line out of the cart' })
  @cartToken
  @ifMatch
  @ApiResponse({ status: 200, standardSchema: cartSchema })
  async remove(
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-cart-token') token: string | undefined,
    @Headers('if-match') match: string | undefined,
    @Param({ schema: lineParametersSchema }) { lineId }: { lineId: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    const owner = this.owners.ownerOf(principal, token);
    return cartAnswer(reply, await this.carts.setQuantity(owner, lineId, 0, { expectedVersion: expectedVersionOf(match) }), owner);
  }

  @Delete()
  @OptionalIdentity()
  @ApiOperation({ summary: 'Empty the cart' })
  @cartToken
  @ifMatch
  @ApiResponse({ status: 200, standardSchema: cartSchema })
  async clear(
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-cart-token') token: string | undefined,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CartView> {
    const owner = this.owners.ownerOf(principal, token);
    return cartAnswer(reply, await this.carts.clear(owner, { expectedVersion: expectedVersionOf(match) }), owner);
  }

  @Post('merge')
  @HttpCode(200)
  @Authenticated()
  @ApiOperation({ summary: 'Move a guest’s lines into the customer’s cart; may be repeated' })
  @ApiHeader({ name: 'X-Cart-Token', required: true, description: 'the guest’s cart' })
  @ifMatch
  @ApiResponse({ status: 200, standardSchema: mergedCartSchema })
  async merge(
    @CurrentPrincipal() principal: Principal,
    @Headers('x-cart-token') token: string | undefined,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MergedCartView> {
    if (token === undefined) {
      throw new AppError('validation-failed', {
        detail: 'Send the guest’s cart token in the header X-Cart-Token.',
        errors: [{ pointer: '/headers/x-cart-token', message: 'is missing' }],
      });
    }
    const owner = this.owners.customer(principal.userId);
    const { cart, complete } = await this.carts.merge(principal.userId, token, { expectedVersion: expectedVersionOf(match) });
    return { ...cartAnswer(reply, cart, owner), complete };
  }
}
