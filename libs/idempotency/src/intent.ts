import { AppError } from '@shopfleet/kernel';

/** What a request under an Idempotency-Key intends. */
export interface Intent {
  /** Principal, route and key, at most 64 characters: one intent, one effect. */
  readonly key: string;
  /** Path and body; kept with the effect, so that another body never gets the answer of this one. */
  readonly fingerprint: string;
}

/**
 * For an effect that a request with this key has had before: is it what this request asks for? The kept answer is gone
 * after 24 hours or a 5xx, the effect is not.
 * @param kept the fingerprint beside the effect; undefined for effects of before it was kept
 * @throws AppError `idempotency-mismatch`
 */
export function assertSameIntent({ fingerprint }: Intent, kept: string | undefined): void {
  if (kept !== undefined && kept !== fingerprint) throw usedForAnother();
}

export const usedForAnother = (): AppError =>
  new AppError('idempotency-mismatch', { detail: 'This Idempotency-Key was used for another request: send a new key with each new intent.' });
