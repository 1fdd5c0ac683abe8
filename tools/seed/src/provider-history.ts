import { SeedError } from './seed-error.ts';

/** A payment of the past, as the provider's books show it. Amounts in minor units. */
export interface PastPayment {
  readonly key: string;
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  /** The order's id. */
  readonly reference: string;
  readonly createdAt: string;
  readonly refunds: readonly { readonly key: string; readonly id: string; readonly amount: number; readonly createdAt: string }[];
}

/** Writes payments into the books of the payment simulator; those that stand there already stay. */
export async function rememberPayments(simulator: string, payments: readonly PastPayment[]): Promise<void> {
  if (payments.length > 0) await ask(simulator, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ payments }) });
}

/** Takes all payments that were written so out of its books again. */
export async function forgetPayments(simulator: string): Promise<void> {
  await ask(simulator, { method: 'DELETE' });
}

async function ask(simulator: string, init: RequestInit): Promise<void> {
  const response = await fetch(new URL('/v1/history', simulator), { ...init, signal: AbortSignal.timeout(30_000) }).catch((error: unknown) => {
    throw new SeedError(`The payment simulator at ${simulator} does not answer. Start the shop with npm start, then seed again.`, { cause: error });
  });
  if (!response.ok) throw new SeedError(`The payment simulator refuses past payments: ${response.status} ${await response.text()}`);
}
