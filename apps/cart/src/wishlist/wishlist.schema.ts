import { z } from 'zod';
import { moneySchema, skuSchema } from '../carts/cart.schema.ts';

export const addWishSchema = z.strictObject({ sku: skuSchema }).meta({ id: 'AddWish' });
export type AddWish = z.infer<typeof addWishSchema>;

export const wishParametersSchema = z.strictObject({ sku: skuSchema });

const wishSchema = z
  .object({
    sku: z.string(),
    productId: z.string().optional(),
    name: z.string(),
    variantName: z.string(),
    price: moneySchema.describe('as of now'),
    priceWhenWished: moneySchema.describe('when it was wished for, or when its fall was last announced'),
    cheaper: z.boolean().describe('true: it costs less than then'),
    available: z.boolean().describe('false: no longer sold'),
    wishedAt: z.iso.datetime(),
  })
  .meta({ id: 'Wish' });

export const wishlistSchema = z.object({ items: z.array(wishSchema) }).meta({ id: 'Wishlist' });
export type WishlistView = z.infer<typeof wishlistSchema>;
