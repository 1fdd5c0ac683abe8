import { couponBenefitSchema, couponCodeSchema, instantSchema, moneySchema } from '@shopfleet/contracts';
import type { Money } from '@shopfleet/kernel';
import type { Benefit } from '@shopfleet/pricing';
import { z } from 'zod';

const uses = z.int().min(1).max(100_000_000);
const code = z.preprocess((value) => (typeof value === 'string' ? value.trim().toUpperCase() : value), couponCodeSchema);

const endsAfterStart = ({ startsAt, endsAt }: { startsAt?: string | null | undefined; endsAt?: string | null | undefined }): boolean =>
  startsAt === undefined || startsAt === null || endsAt === undefined || endsAt === null || Date.parse(startsAt) < Date.parse(endsAt);
const endsAfterStartMessage = { message: 'must be after startsAt', path: ['endsAt'] };

/** Whether benefit and minimum are in one currency; a coupon whose two differ would never hold. */
export const hasOneCurrency = ({ benefit, minimum }: { benefit?: Benefit | undefined; minimum?: Money | null | undefined }): boolean =>
  benefit?.kind !== 'amount' || minimum === undefined || minimum === null || benefit.amount.currency === minimum.currency;
const oneCurrencyMessage = { message: 'must be the currency of the benefit', path: ['minimum', 'currency'] };

export const newCouponSchema = z
  .strictObject({
    code,
    benefit: couponBenefitSchema,
    minimum: moneySchema.optional().describe('value of the goods from which on it holds'),
    startsAt: instantSchema.optional(),
    endsAt: instantSchema.optional(),
    usesInAll: uses.optional().describe('cannot be added later'),
    usesPerCustomer: uses.optional(),
    active: z.boolean().default(true),
  })
  .refine(endsAfterStart, endsAfterStartMessage)
  .refine(hasOneCurrency, oneCurrencyMessage)
  .meta({ id: 'NewCoupon' });
export type NewCoupon = z.infer<typeof newCouponSchema>;

export const couponEditSchema = z
  .strictObject({
    benefit: couponBenefitSchema.optional(),
    minimum: moneySchema.nullable().optional(),
    startsAt: instantSchema.nullable().optional(),
    endsAt: instantSchema.nullable().optional(),
    usesInAll: uses.optional().describe('only of a coupon that was made with it'),
    usesPerCustomer: uses.nullable().optional(),
    active: z.boolean().optional().describe('false: withdrawn'),
  })
  .refine(endsAfterStart, endsAfterStartMessage)
  .refine(hasOneCurrency, oneCurrencyMessage)
  .meta({ id: 'CouponEdit', description: 'null takes a rule away' });
export type CouponEdit = z.infer<typeof couponEditSchema>;

export const couponParamsSchema = z.strictObject({ code });
export type CouponParams = z.infer<typeof couponParamsSchema>;

export const couponListQuerySchema = z.strictObject({ cursor: z.string().min(1).max(300).optional(), limit: z.coerce.number().int().min(1).max(100).default(20) });
export type CouponListQuery = z.infer<typeof couponListQuerySchema>;

export const couponSchema = z
  .strictObject({
    code: couponCodeSchema,
    benefit: couponBenefitSchema,
    minimum: moneySchema.optional(),
    startsAt: instantSchema.optional(),
    endsAt: instantSchema.optional(),
    usesInAll: z.int().optional(),
    usesPerCustomer: z.int().optional(),
    active: z.boolean(),
    used: z.int().describe('orders that use it; those that failed or were cancelled have given their use back'),
    revision: z.int(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'Coupon' });
export type CouponView = z.infer<typeof couponSchema>;

export const couponListSchema = z.strictObject({ items: z.array(couponSchema), pagination: z.strictObject({ limit: z.int(), nextCursor: z.string().optional() }) });
export type CouponListView = z.infer<typeof couponListSchema>;
