import { couponCodeSchema } from '@shopfleet/contracts';
import { currencies } from '@shopfleet/kernel';
import { shippingMethodIds } from '@shopfleet/pricing';
import { z } from 'zod';
import { MOST_PIECES } from './cart.ts';

export const skuSchema = z
  .string()
  .regex(/^[\w.:-]{1,64}$/u, 'must be a SKU such as LAMP-BRASS-S')
  .describe('stock keeping unit, from the variants of a product');
const quantity = z.int().min(1).max(MOST_PIECES).describe('pieces');

export const addItemSchema = z.strictObject({ sku: skuSchema, quantity: quantity.default(1) }).meta({ id: 'AddCartItem' });
export type AddItem = z.infer<typeof addItemSchema>;

export const changeItemSchema = z.strictObject({ quantity }).meta({ id: 'ChangeCartItem' });
export type ChangeItem = z.infer<typeof changeItemSchema>;

export const lineParametersSchema = z.strictObject({ lineId: z.string().min(1).max(200) });

const couponCode = z.preprocess((code) => (typeof code === 'string' ? code.trim().toUpperCase() : code), couponCodeSchema);
export const chooseCouponSchema = z.strictObject({ code: couponCode }).meta({ id: 'ChooseCoupon' });
export type ChooseCoupon = z.infer<typeof chooseCouponSchema>;

const shippingMethod = z.enum(shippingMethodIds);
export const chooseShippingSchema = z.strictObject({ method: shippingMethod }).meta({ id: 'ChooseShipping' });
export type ChooseShipping = z.infer<typeof chooseShippingSchema>;

const choices = {
  couponCode: couponCodeSchema.optional().describe('the coupon that was named; the quote says whether it holds'),
  shippingMethod: shippingMethod.optional().describe('absent: standard'),
};

export const moneySchema = z.object({ amount: z.int().describe('minor units'), currency: z.enum(currencies) }).meta({ id: 'Money' });

const cartLineSchema = z
  .object({
    id: z.string(),
    sku: z.string(),
    productId: z.string().optional(),
    name: z.string(),
    variantName: z.string(),
    quantity: z.int(),
    price: moneySchema.describe('for one piece, as of now'),
    lineTotal: moneySchema,
    available: z.boolean().describe('false: cannot be bought at the moment, being sold out or no longer for sale'),
    priceChanged: z.boolean().optional().describe('true when the price is no longer the one at which the line was added'),
    previousPrice: moneySchema.optional().describe('the price at which the line was added, where it has changed'),
  })
  .meta({ id: 'CartLine' });

export const cartSchema = z
  .object({
    id: z.string(),
    version: z.int().describe('grows with every change; also the ETag'),
    lines: z.array(cartLineSchema),
    subtotal: moneySchema.describe('of the lines that are for sale, as in the quote'),
    currency: z.enum(currencies),
    ...choices,
    cartToken: z.string().optional().describe('guests: send it as X-Cart-Token with the next request'),
  })
  .meta({ id: 'Cart' });
export type CartView = z.infer<typeof cartSchema>;

export const mergedCartSchema = cartSchema
  .extend({ complete: z.boolean().describe('false: what did not fit into the cart stayed in the guest’s') })
  .meta({ id: 'MergedCart' });
export type MergedCartView = z.infer<typeof mergedCartSchema>;

export const checkoutCartSchema = z
  .object({
    id: z.string(),
    version: z.int(),
    userId: z.string().optional(),
    currency: z.enum(currencies),
    ...choices,
    lines: z.array(z.object({ sku: z.string(), quantity: z.int() })),
  })
  .meta({ id: 'CheckoutCart' });
export type CheckoutCartView = z.infer<typeof checkoutCartSchema>;
