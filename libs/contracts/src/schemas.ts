import { currencies, isCountryCode, type Money } from '@shopfleet/kernel';
import { z } from 'zod';

/** An identifier such as `ord_0192f7c1…`; opaque to whoever did not make it. */
export const idSchema = z.string().min(1).max(100);

/** A stock keeping unit: what is counted, priced and sold. */
export const skuSchema = z.string().min(1).max(64);

/** An instant in UTC, ISO 8601, such as `2026-11-20T10:15:30.000Z`. */
export const instantSchema = z.iso.datetime();

/** Pieces of one SKU. */
export const quantitySchema = z.int().min(1).max(1_000_000);

/** Counts up with each change of a thing; consumers compare it, for delivery is not ordered. */
export const versionSchema = z.int().nonnegative();

/** An amount in integer minor units; never negative on the wire (a discount is a positive amount that is taken off). */
export const moneySchema: z.ZodType<Money> = z.strictObject({
  amount: z.int().nonnegative(),
  currency: z.enum(currencies),
});

/** A country the shop sends to, which is every one there is: ISO 3166-1 alpha-2. */
export const countrySchema = z
  .string()
  .refine(isCountryCode, 'must be the code of a country in two capital letters (ISO 3166-1), such as DE')
  .meta({ pattern: '^[A-Z]{2}$' });

/** Where a parcel goes. */
export const addressSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  line1: z.string().trim().min(1).max(200),
  line2: z.string().trim().max(200).optional(),
  city: z.string().trim().min(1).max(120),
  postalCode: z.string().trim().min(1).max(20),
  country: countrySchema,
});
export type Address = z.infer<typeof addressSchema>;

/** A language as customers give theirs (BCP 47), such as `en` or `de-AT`. */
export const localeSchema = z.string().max(35).regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/u, 'is not a language tag such as en or de-AT');

/** Whom to write to and in which language (BCP 47). */
export const contactSchema = z.strictObject({
  email: z.email().max(254),
  locale: z.string().min(2).max(35),
});
export type Contact = z.infer<typeof contactSchema>;

/** The price of one SKU at one version of its product: cart and order keep a book of these and sell by it. */
export const priceBookEntry = z.strictObject({
  sku: skuSchema,
  productId: idSchema,
  partnerId: idSchema,
  name: z.string().min(1).max(300),
  variantName: z.string().max(300),
  price: moneySchema,
  /** The price before a reduction, where one is shown. */
  compareAt: moneySchema.optional(),
  taxClass: z.string().min(1).max(40),
  weightGrams: z.int().nonnegative(),
  version: versionSchema,
  /** False: no longer for sale. */
  active: z.boolean(),
});
export type PriceBookEntry = z.infer<typeof priceBookEntry>;

/** So many pieces of one SKU. */
export const stockLineSchema = z.strictObject({ sku: skuSchema, quantity: quantitySchema });
export type StockLine = z.infer<typeof stockLineSchema>;

/** A SKU of which less was there than asked for. */
export const shortageSchema = z.strictObject({
  sku: skuSchema,
  requested: quantitySchema,
  available: z.int().nonnegative(),
});
export type Shortage = z.infer<typeof shortageSchema>;

/** A line of an order at the price it was sold for. */
export const orderLineSchema = z.strictObject({
  sku: skuSchema,
  productId: idSchema,
  name: z.string().min(1).max(300),
  variantName: z.string().max(300).optional(),
  partnerId: idSchema.optional(),
  quantity: quantitySchema,
  unitPrice: moneySchema,
  lineTotal: moneySchema,
  /** The line's part of a coupon's discount; `lineTotal` is before it. */
  discount: moneySchema.optional(),
  /** In hundredths of a percent. */
  taxRate: z.int().nonnegative().optional(),
  tax: moneySchema.optional(),
});
export type OrderLine = z.infer<typeof orderLineSchema>;

/** What an order adds up to: total = subtotal − discount + shipping, plus tax where the other amounts do not contain it. */
export const totalsSchema = z.strictObject({
  subtotal: moneySchema,
  discount: moneySchema,
  shipping: moneySchema,
  tax: moneySchema,
  total: moneySchema,
  /** True: `tax` is a part of the other amounts. Absent or false: it is added to them. */
  taxIncluded: z.boolean().optional(),
});
export type Totals = z.infer<typeof totalsSchema>;

/** What a coupon gives: hundredths of a percent or an amount off the goods, or shipping for nothing. */
export const couponBenefitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), basisPoints: z.int().min(1).max(10_000) }),
  z.strictObject({ kind: z.literal('amount'), amount: moneySchema.refine(({ amount }) => amount > 0, { message: 'must be at least 1', path: ['amount'] }) }),
  z.strictObject({ kind: z.literal('free-shipping') }),
]);

/** What a shopper types to get a coupon's benefit: capitals, digits and dashes. */
export const couponCodeSchema = z.string().regex(/^[A-Z0-9][A-Z0-9-]{2,31}$/, 'must have 3 to 32 capitals, digits or dashes, such as WELCOME-10');
