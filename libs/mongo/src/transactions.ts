import { Injectable, Logger } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { AppError } from '@shopfleet/kernel';
import { MongoError, type ClientSession } from 'mongodb';
import type { Connection } from 'mongoose';
import { translateMongoError } from './errors.ts';
import { Gathered, NotTogether, type GatherBounds } from './gathered.ts';

/** Longer than an election, shorter than a person's patience. Milliseconds. */
const defaultTimeoutMs = 5_000;

/** Attempts at a transaction of several pieces before each has its own: a piece that meets a lock holds up no strangers. About a tenth of a second. */
const attemptsTogether = 5;

const afterCommit = new WeakMap<ClientSession, (() => void)[]>();

/**
 * Runs `callback` once after the transaction of this session has committed, and never if it does not. Only for what
 * may be lost with the process: a hint to a relay, the dropping of a cache entry.
 */
export function onCommit(session: ClientSession, callback: () => void): void {
  afterCommit.get(session)?.push(callback);
}

export interface TransactionBounds {
  /** All attempts and the commit together, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
}

/** Transactions on the service's own database: snapshot reads, majority and journal, retried within a bound. */
@Injectable()
export class Transactions {
  private readonly logger = new Logger(Transactions.name);

  constructor(@InjectConnection() private readonly connection: Connection) {}

  /**
   * Runs `work` in a transaction and commits. Every operation in it takes the `session`, one after the other (a session
   * cannot do two things at once: no Promise.all). `work` may run several times, for write conflicts and elections are
   * retried: it must have no effect but through the session; use {@link onCommit} for what follows.
   *
   * @throws AppError dependency-unavailable when the server cannot be reached or the time is up (the outcome may then
   * be unknown: whoever tries again does so under the same idempotency key or event id); what `work` throws, after a rollback.
   * @example
   * const order = await transactions.run(async (session) => {
   *   await orders.insert(placed.order, session);
   *   await outbox.append(session, placed.events);
   *   return placed.order;
   * });
   */
  async run<T>(work: (session: ClientSession) => Promise<T>, { timeoutMs = defaultTimeoutMs }: TransactionBounds = {}): Promise<T> {
    const session = this.connection.getClient().startSession();
    const deadline = performance.now() + timeoutMs;
    const attempts = session.withTransaction(
      async () => {
        if (performance.now() > deadline) throw tooLate();
        afterCommit.set(session, []);
        return await work(session);
      },
      { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true }, readPreference: 'primary', maxCommitTimeMS: timeoutMs },
    );
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(tooLate()), timeoutMs + 250);
    });
    try {
      const result = await Promise.race([attempts, timeUp]);
      this.callBack(session);
      return result;
    } catch (error) {
      // The driver would go on for two minutes; without its session it cannot.
      attempts.catch(() => undefined);
      throw isTransient(error) ? tooLate(error) : translateMongoError(error);
    } finally {
      clearTimeout(timer);
      // Not awaited: ending the session of an unfinished transaction talks to a server that may be gone.
      void session.endSession().catch(() => undefined);
    }
  }

  /**
   * A door through which pieces of work that come at the same time go in one transaction: one commit, and one request
   * for what `work` can ask for all of them together. A transaction of several that fails is rolled back and each piece
   * has one of its own, so that what fails one piece, or keeps meeting a lock, does not fail its neighbours. `work` resolves with one result for
   * each item.
   *
   * @example
   * private readonly settle = transactions.gather((payments: readonly Payment[], session) => this.settleAll(payments, session));
   * await this.settle(payment);
   */
  gather<T, R>(work: (items: readonly T[], session: ClientSession) => Promise<readonly R[]>, bounds?: GatherBounds): (item: T) => Promise<R> {
    const together = (items: readonly T[]): Promise<readonly R[]> => {
      let attempts = 0;
      return this.run((session) => {
        attempts += 1;
        if (items.length > 1 && attempts > attemptsTogether) throw new NotTogether();
        return work(items, session);
      });
    };
    const gathered = new Gathered(together, bounds);
    return (item) => gathered.run(item);
  }

  private callBack(session: ClientSession): void {
    for (const callback of afterCommit.get(session) ?? []) {
      try {
        callback();
      } catch (error) {
        this.logger.error(error);
      }
    }
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof MongoError && (error.hasErrorLabel('TransientTransactionError') || error.hasErrorLabel('UnknownTransactionCommitResult'));
}

function tooLate(cause?: unknown): AppError {
  return new AppError('dependency-unavailable', {
    detail: 'The database could not finish the change in time. Try again in a moment, with the same Idempotency-Key if you sent one.',
    retryAfterSeconds: 1,
    cause,
  });
}
