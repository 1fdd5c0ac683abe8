import { countrySchema, couponCodeSchema } from '@shopfleet/contracts';
import { currencies } from '@shopfleet/kernel';
import { shippingMethodIds } from '@shopfleet/pricing';
import { z } from 'zod';
import { moneySchema } from '../carts/cart.schema.ts';

export const quoteQuerySchema = z.strictObject({
  country: countrySchema.default('DE').describe('where the parcel goes: decides tax and shipping'),
});
export type QuoteQuery = z.infer<typeof quoteQuerySchema>;

const method = z.enum(shippingMethodIds);

const quoteLineSchema = z
  .object({
    id: z.string(),
    sku: z.string(),
    name: z.string(),
    variantName: z.string(),
    quantity: z.int(),
    unitPrice: moneySchema.describe('as of now'),
    lineTotal: moneySchema,
    discount: moneySchema.describe('the line’s part of the coupon'),
    taxPercent: z.number(),
    tax: moneySchema,
    total: moneySchema.describe('what is paid for the line'),
    inStock: z.boolean().describe('a hint: false when it was sold out a moment ago'),
    priceChanged: z.boolean().optional().describe('true when the price is no longer the one at which the line was added'),
    previousPrice: moneySchema.optional(),
  })
  .meta({ id: 'QuoteLine' });

export const quoteSchema = z
  .object({
    cartId: z.string(),
    cartVersion: z.int(),
    country: z.string(),
    currency: z.enum(currencies),
    lines: z.array(quoteLineSchema),
    unavailable: z.array(z.object({ id: z.string(), sku: z.string(), name: z.string() })).describe('lines that cannot be bought any more and are not counted; an order refuses them'),
    totals: z
      .object({ subtotal: moneySchema, discount: moneySchema, shipping: moneySchema, tax: moneySchema, total: moneySchema, taxIncluded: z.boolean() })
      .describe('total = subtotal − discount + shipping, plus tax where taxIncluded is false'),
    shipping: z.object({
      method,
      offers: z.array(z.object({ method, price: moneySchema })).describe('what goes to this country'),
      unavailable: method.optional().describe('chosen, but does not go to this country; an order refuses it'),
    }),
    coupon: z
      .object({ code: couponCodeSchema, applied: z.boolean(), reason: z.string().optional(), detail: z.string().optional() })
      .optional()
      .describe('the coupon of the cart: whether it holds, and if not, why; an order refuses it then'),
  })
  .meta({ id: 'Quote' });
export type QuoteView = z.infer<typeof quoteSchema>;
