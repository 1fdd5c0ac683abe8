import { Injectable } from '@nestjs/common';
import { couponCodeSchema, idSchema, quantitySchema, skuSchema, versionSchema } from '@shopfleet/contracts';
import { InternalClient } from '@shopfleet/service';
import { shippingMethodIds } from '@shopfleet/pricing';
import { z } from 'zod';

// Only what an order needs; prices are the order's own.
const cartSchema = z.object({
  id: idSchema,
  version: versionSchema,
  lines: z.array(z.object({ sku: skuSchema, quantity: quantitySchema })),
  couponCode: couponCodeSchema.optional(),
  shippingMethod: z.enum(shippingMethodIds).optional(),
});
export type ShoppersCart = z.infer<typeof cartSchema>;

/** Proof of whose cart it is, as the shopper sent it. */
export interface ShopperCredentials {
  readonly authorization: string | undefined;
  readonly cartToken: string | undefined;
  /** The request that they came with. */
  readonly request: object;
}

@Injectable()
export class CartClient {
  private readonly read = new WeakMap<object, ShoppersCart>();

  constructor(private readonly internal: InternalClient) {}

  /** The cart that a guest's token opens; kept for as long as the request lives. @throws AppError as {@link find} does, `unauthenticated` for a wrong token */
  async ofGuest(request: object, cartToken: string): Promise<ShoppersCart> {
    const cart = await this.find({ authorization: undefined, cartToken, request });
    this.read.set(request, cart);
    return cart;
  }

  /** The cart as it is now, or as this request has seen it before. @throws AppError what the cart service says, or `dependency-unavailable` */
  async find({ authorization, cartToken, request }: ShopperCredentials): Promise<ShoppersCart> {
    const known = this.read.get(request);
    if (known && authorization === undefined) return known;
    const headers = authorization === undefined ? { 'x-cart-token': cartToken } : { authorization };
    return this.internal.get('/internal/cart/carts/current', cartSchema, { headers });
  }
}
