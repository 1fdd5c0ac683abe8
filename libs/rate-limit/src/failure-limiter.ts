import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '@shopfleet/kernel';
import { LIMIT_STORE } from './tokens.ts';
import type { LimitStore } from './limit-store.ts';
import { waitingTime } from './waiting-time.ts';

/** Failed logins from one address within the window before it has to wait. */
export const FAILURES_PER_ADDRESS = 20;

/** Failed logins on one account within the window before it is locked softly. */
export const FAILURES_PER_ACCOUNT = 10;

/** Length of the window in milliseconds. It starts with the first failure, so nobody is locked out for longer. */
export const FAILURE_WINDOW_MS = 15 * 60 * 1_000;

/** Who tries what. */
export interface Attempt {
  /** `login`, `reset` …: failures of one kind do not count for another. */
  readonly kind: string;
  /** The client's address, by `ClientAddress`. */
  readonly address: string;
  /** What is attacked, such as the normalised e-mail address, whether or not such an account exists. */
  readonly account: string;
}

/** An attempt that was let through: it counts as failed until `succeed` is called. */
export interface AdmittedAttempt {
  /** This was the last attempt on the account: if it fails, the account is locked until then (write the mail). */
  readonly isLastOfAccount: boolean;
  /** When all attempts are back. */
  readonly accountFreeAt: Date;
  /** Takes the failure back. */
  succeed(): Promise<void>;
}

/**
 * Bounds failed logins per address and per account. An attempt is counted before the password is looked at and given
 * back when it succeeds, so that a thousand guesses sent at once are bounded like a thousand sent in turn.
 *
 * @example
 * const attempt = await failures.admit({ kind: 'login', address, account: email });
 * if (!(await matches(password))) throw wrongCredentials();
 * await attempt.succeed();
 */
@Injectable()
export class FailureLimiter {
  constructor(@Inject(LIMIT_STORE) private readonly store: LimitStore) {}

  /** @throws AppError `rate-limited` that says when to try again; the same for an account that does not exist */
  async admit({ kind, address, account }: Attempt): Promise<AdmittedAttempt> {
    const uses = [
      { key: `failure:${kind}:address:${address}`, limit: FAILURES_PER_ADDRESS, windowMs: FAILURE_WINDOW_MS },
      { key: `failure:${kind}:account:${account}`, limit: FAILURES_PER_ACCOUNT, windowMs: FAILURE_WINDOW_MS },
    ];
    const { allowed, refusedBy = 0, states } = await this.store.take(uses, { durable: true });
    if (!allowed) {
      const seconds = Math.max(1, Math.ceil((states[refusedBy]?.resetMs ?? FAILURE_WINDOW_MS) / 1_000));
      throw new AppError('rate-limited', {
        detail: `Too many failed attempts. Try again in ${waitingTime(seconds)}, or reset your password.`,
        retryAfterSeconds: seconds,
      });
    }
    const ofAccount = states[1];
    return {
      isLastOfAccount: (ofAccount?.uses ?? 0) >= FAILURES_PER_ACCOUNT,
      accountFreeAt: new Date(Date.now() + (ofAccount?.resetMs ?? FAILURE_WINDOW_MS)),
      succeed: () => this.store.giveBack(uses.map(({ key }) => key)),
    };
  }
}
