import { ContractError } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';

/** Thrown by a handler for an event that it will never be able to handle: straight to the dead-letter queue. */
export class UnprocessableEvent extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnprocessableEvent';
  }
}

/** A handler that did not finish in time; counts as a try that failed. */
export class HandlerTimedOut extends Error {
  constructor(type: string, timeoutMs: number) {
    super(`the handler of ${type} did not finish within ${timeoutMs / 1_000} s`);
    this.name = 'HandlerTimedOut';
  }
}

/** Why an event is in a dead-letter queue. `delivery-limit` is the broker's own: its workers died of it. */
export type DeadReason = ContractError['violation'] | 'unprocessable' | 'attempts-exhausted' | 'waited-too-long';

export type FailureDecision =
  | { readonly action: 'retry'; readonly delayMs: number; readonly attempt: number }
  | { readonly action: 'dead'; readonly reason: DeadReason };

export interface FailedDelivery {
  readonly error: unknown;
  /** 1 on the first try. */
  readonly attempt: number;
  /** How often it has waited for a dependency so far. */
  readonly waits: number;
  /** When it failed first; milliseconds since 1970. */
  readonly firstFailedAt: number;
  readonly now: number;
}

const dayMs = 24 * 3_600_000;
const quickWaits = 10;

/**
 * Bounded delayed retries: what breaks its contract is dead at once; what fails is tried again after each of the
 * delays and is then dead; what only waits for a dependency that is away uses up no attempt but waits on, first short,
 * then longer, for a day at most, so that an outage of the database fills no dead-letter queue.
 */
export function decideOnFailure(failed: FailedDelivery, retryDelaysMs: readonly number[]): FailureDecision {
  const { error, attempt, waits } = failed;
  if (error instanceof ContractError) return { action: 'dead', reason: error.violation };
  if (error instanceof UnprocessableEvent) return { action: 'dead', reason: 'unprocessable' };
  if (isDependencyAway(error)) {
    if (failed.now - failed.firstFailedAt > dayMs) return { action: 'dead', reason: 'waited-too-long' };
    const delayMs = (waits < quickWaits ? retryDelaysMs[0] : retryDelaysMs[1]) ?? retryDelaysMs[0];
    if (delayMs !== undefined) return { action: 'retry', delayMs, attempt };
  }
  const delayMs = retryDelaysMs[attempt - 1];
  return delayMs === undefined ? { action: 'dead', reason: 'attempts-exhausted' } : { action: 'retry', delayMs, attempt: attempt + 1 };
}

const awayCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
const awayNames = /^(Mongo(ose)?(Network|NetworkTimeout|ServerSelection|NotConnected|PoolCleared|WaitQueueTimeout|TopologyClosed)Error|MaxRetriesPerRequestError|BrokenCircuitError)$/;

/** True for an error that says "the other side is not there just now", wherever in the chain of causes it stands. */
export function isDependencyAway(error: unknown): boolean {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    if (current instanceof AppError && current.code === 'dependency-unavailable') return true;
    if (awayNames.test(current.name)) return true;
    if ('code' in current && typeof current.code === 'string' && awayCodes.has(current.code)) return true;
  }
  return false;
}
