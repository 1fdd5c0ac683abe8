import { currencies, type Money } from '@shopfleet/kernel';
import { z } from 'zod';

/** One value of a facet: what to send as the filter, what to show, and how many products it would leave. */
export interface FacetValue {
  readonly value: string;
  readonly label?: string;
  readonly min?: Money;
  readonly max?: Money;
  readonly count: number;
}

const money = z.strictObject({ amount: z.int(), currency: z.enum(currencies) });
export const facetsView = z.record(z.string(), z.array(z.strictObject({ value: z.string(), label: z.string().optional(), min: money.optional(), max: money.optional(), count: z.int() })));
