import { idSchema, moneySchema, quantitySchema, skuSchema } from '@shopfleet/contracts';
import { z } from 'zod';

const reason = z.string().trim().min(1).max(200);
const lines = z.array(z.strictObject({ sku: skuSchema, quantity: quantitySchema })).min(1).max(200);

export const returnRequestSchema = z.strictObject({ lines, reason }).meta({ id: 'RequestReturn' });
export type ReturnRequestBody = z.infer<typeof returnRequestSchema>;

export const refundRequestSchema = z.strictObject({
  /** The return whose goods have arrived; they go back on the shelf. */
  returnId: idSchema.optional(),
  /** Absent: what was paid for the goods of the return, or all that is left. */
  amount: moneySchema.optional(),
  reason,
}).meta({ id: 'RefundOrder' });
export type RefundRequestBody = z.infer<typeof refundRequestSchema>;

export const refundSchema = z.strictObject({
  id: idSchema,
  orderId: idSchema,
  amount: moneySchema,
  reason: z.string(),
  returnId: idSchema.optional(),
  /** `due`: on its way, asked for again until the provider has confirmed it. */
  status: z.enum(['due', 'done', 'refused']),
  createdAt: z.iso.datetime(),
}).meta({ id: 'Refund' });
export type RefundView = z.infer<typeof refundSchema>;
