import { z } from 'zod';

const amount = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const paymentRequestSchema = z.strictObject({
  amount,
  currency: z.string().regex(/^[A-Z]{3}$/u),
  token: z.enum(['tok_ok', 'tok_declined', 'tok_timeout', 'tok_duplicate_webhook'], {
    error: 'not a token of this provider: use tok_ok, tok_declined, tok_timeout or tok_duplicate_webhook',
  }),
  reference: z.string().min(1).max(255),
});
export type PaymentRequest = z.infer<typeof paymentRequestSchema>;

export const refundRequestSchema = z.strictObject({ payment: z.string().min(1).max(255), amount });
export type RefundRequest = z.infer<typeof refundRequestSchema>;

/** Payments that were made long ago, for data sets: they stand in the books, and nobody is told of them. */
export const historySchema = z.strictObject({
  payments: z
    .array(
      z.strictObject({
        key: z.string().min(1).max(255),
        id: z.string().regex(/^sim_[0-9a-f]{32}$/u),
        amount,
        currency: z.string().regex(/^[A-Z]{3}$/u),
        reference: z.string().min(1).max(255),
        createdAt: z.iso.datetime(),
        refunds: z.array(z.strictObject({ key: z.string().min(1).max(255), id: z.string().regex(/^rfd_[0-9a-f]{32}$/u), amount, createdAt: z.iso.datetime() })).max(10),
      }),
    )
    .max(1_000),
});
export type PaymentHistory = z.infer<typeof historySchema>;

export const settingsSchema = z.strictObject({ latencyMs: z.number().int().min(0).max(60_000) });

export const idempotencyKeySchema = z.string().min(1).max(255);

export const listQuerySchema = z.union([
  z.strictObject({ reference: idempotencyKeySchema }),
  z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), after: z.string().max(100).optional(), limit: z.coerce.number().int().min(1).max(1000).default(100) }),
]);

/** A payment as the provider answers it; amounts in minor units. */
export interface Payment {
  readonly id: string;
  /** The Idempotency-Key it was asked for with. */
  readonly key: string;
  readonly status: 'succeeded' | 'declined';
  readonly declineCode?: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
  readonly refunded: number;
  readonly createdAt: string;
}

export interface Refund {
  readonly id: string;
  readonly payment: string;
  readonly amount: number;
  readonly currency: string;
  readonly createdAt: string;
}

export type JournalEntry =
  | { readonly kind: 'payment'; readonly key: string; readonly fingerprint: string; readonly payment: Payment }
  /** The webhooks of a payment have all arrived. */
  | { readonly kind: 'announced'; readonly payment: string }
  /** What was remembered of the past is struck out. */
  | { readonly kind: 'history-forgotten' }
  | { readonly kind: 'refund'; readonly key: string; readonly fingerprint: string; readonly refund: Refund };
