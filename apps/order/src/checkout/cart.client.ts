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
}

@Injectable()
export class CartClient {
  constructor(private readonly internal: InternalClient) {}

  /** The cart as it is now. @throws AppError what the cart service says, or `dependency-unavailable` */
  async read({ authorization, cartToken }: ShopperCredentials): Promise<ShoppersCart> {
    const headers = authorization === undefined ? { 'x-cart-token': cartToken } : { authorization };
    return this.internal.get('/internal/cart/carts/current', cartSchema, { headers });
  }
}
