import { createHash, randomUUID } from 'node:crypto';
import { isDuplicateKey, type CollectionDefinition } from '@shopfleet/mongo';
import type { Collection } from 'mongodb';

/** The answer that a key was given first. */
export interface StoredAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

/** A key as it was sent: by whom, to which route, for what. */
export interface KeyedRequest {
  readonly principal: string;
  /** `POST /api/orders/:id/cancel` */
  readonly route: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** The right to work on a key; held by one worker at a time. */
export interface Claim {
  /** Names principal, route and key; what the effect is tied to. */
  readonly id: string;
  readonly owner: string;
}

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  | { readonly kind: 'in-flight' }
  | { readonly kind: 'mismatch' };

export interface KeyRow {
  readonly _id: string;
  readonly owner: string;
  readonly fingerprint: string;
  readonly state: 'in-flight' | 'answered';
  readonly renewedAt: Date;
  readonly expiresAt: Date;
  readonly answer?: StoredAnswer;
}

/** A claim that was not renewed for so long belongs to a worker that died, in milliseconds. */
export const leaseMs = 5000;
/** How long an answer is kept; source: api.md, "Conventions". */
const keptMs = 24 * 60 * 60 * 1000;

/** For the migration of each service that takes keys. The authority itself is the `_id` index. */
export const idempotencyIndexes: readonly CollectionDefinition[] = [
  { collection: 'idempotency_keys', indexes: [{ key: { expiresAt: 1 }, name: 'expires', expireAfterSeconds: 0, serves: 'forgetting keys after 24 hours' }] },
];

/**
 * Keys and their answers in MongoDB. The unique index on `_id` decides who may work; the server's clock decides when a
 * claim has been abandoned.
 */
export class IdempotencyStore {
  constructor(private readonly rows: Collection<KeyRow>) {}

  async claim(request: KeyedRequest): Promise<ClaimResult> {
    const id = createHash('sha256').update(JSON.stringify([request.principal, request.route, request.key])).digest('base64url');
    const claim: Claim = { id, owner: randomUUID() };
    // A key may vanish between the failed insert and the look at it: its first request was refused and released it.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await this.insert(claim, request.fingerprint)) return { kind: 'claimed', claim };
      const row = await this.rows.findOne({ _id: id }, { readConcern: { level: 'local' } });
      if (row === null) continue;
      if (row.fingerprint !== request.fingerprint) return { kind: 'mismatch' };
      if (row.state === 'answered' && row.answer) return { kind: 'answered', answer: row.answer };
      if (await this.takeOver(claim, request.fingerprint)) return { kind: 'claimed', claim };
      return { kind: 'in-flight' };
    }
    return { kind: 'in-flight' };
  }

  /** Tells that the work goes on. */
  async renew({ id, owner }: Claim): Promise<void> {
    await this.rows.updateOne({ _id: id, owner }, { $currentDate: { renewedAt: true } }, { writeConcern: { w: 1, journal: false } });
  }

  /** Keeps the answer; from here on the key is answered with it. Durable on a majority when it resolves. */
  async complete({ id, owner }: Claim, answer: StoredAnswer): Promise<void> {
    const expiresAt = new Date(Date.now() + keptMs);
    await this.rows.updateOne({ _id: id, owner }, { $set: { state: 'answered', answer, expiresAt } });
  }

  /** Frees the key: the request was refused for a reason that a repetition may overcome. */
  async release({ id, owner }: Claim): Promise<void> {
    await this.rows.deleteOne({ _id: id, owner, state: 'in-flight' }, { writeConcern: { w: 1, journal: false } });
  }

  /**
   * The claim is written without waiting for the majority: the effect's own majority write comes after it in the same
   * log and so carries it along, and an effect is tied to the key by an index of its own.
   */
  private async insert({ id, owner }: Claim, fingerprint: string): Promise<boolean> {
    const expiresAt = new Date(Date.now() + keptMs);
    try {
      await this.rows.updateOne(
        { _id: id, owner },
        { $set: { fingerprint, state: 'in-flight', expiresAt }, $currentDate: { renewedAt: true } },
        { upsert: true, writeConcern: { w: 1, journal: false } },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  private async takeOver({ id, owner }: Claim, fingerprint: string): Promise<boolean> {
    const abandoned = { $lt: ['$renewedAt', { $subtract: ['$$NOW', leaseMs] }] };
    const { modifiedCount } = await this.rows.updateOne(
      { _id: id, fingerprint, state: 'in-flight', $expr: abandoned },
      { $set: { owner }, $currentDate: { renewedAt: true } },
    );
    return modifiedCount === 1;
  }
}
