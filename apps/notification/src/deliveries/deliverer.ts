import type { Delivery, DeliveryChannelName } from './delivery.schema.ts';

/** What became of one try. */
export type Outcome =
  | { readonly result: 'delivered'; readonly status: number }
  /** Trying again may help; not before `afterMs` where the other side said so. */
  | { readonly result: 'later'; readonly status?: number; readonly error: string; readonly afterMs?: number }
  /** It never will be taken. */
  | { readonly result: 'never'; readonly status?: number; readonly error: string };

/** Carries deliveries of one channel. */
export interface Deliverer {
  readonly channel: DeliveryChannelName;
  /** Who is called, such as the origin of a URL: one that is down is left alone for a while. Undefined: the target is gone. */
  providerOf(delivery: Delivery): Promise<string | undefined>;
  /** Never rejects for what the other side did. */
  deliver(delivery: Delivery): Promise<Outcome>;
}
