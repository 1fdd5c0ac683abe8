import { createHash, randomUUID } from 'node:crypto';
import { Gathered, isDuplicateKey, type CollectionDefinition } from '@shopfleet/mongo';
import { MongoBulkWriteError, type Collection } from 'mongodb';

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
  readonly fingerprint: string;
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
  private readonly insert = new Gathered((claims: readonly Claim[]) => this.insertAll(claims));
  private readonly answer = new Gathered((answers: readonly GivenAnswer[]) => this.completeAll(answers));

  constructor(private readonly rows: Collection<KeyRow>) {}

  async claim(request: KeyedRequest): Promise<ClaimResult> {
    const id = createHash('sha256').update(JSON.stringify([request.principal, request.route, request.key])).digest('base64url');
    const claim: Claim = { id, owner: randomUUID(), fingerprint: request.fingerprint };
    // A key may vanish between the failed insert and the look at it: its first request was refused and released it.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await this.insert.run(claim)) return { kind: 'claimed', claim };
      const row = await this.rows.findOne({ _id: id }, { readConcern: { level: 'local' } });
      if (row === null) continue;
      if (row.fingerprint !== request.fingerprint) return { kind: 'mismatch' };
      if (row.state === 'answered' && row.answer) return { kind: 'answered', answer: row.answer };
      if (await this.takeOver(claim)) return { kind: 'claimed', claim };
      return { kind: 'in-flight' };
    }
    return { kind: 'in-flight' };
  }

  /** Tells that the work goes on. */
  async renew({ id, owner }: Claim): Promise<void> {
    await this.rows.updateOne({ _id: id, owner }, { $currentDate: { renewedAt: true } }, { writeConcern: { w: 1, journal: false } });
  }

  /** Keeps the answer; from here on the key is answered with it. Durable on a majority when it resolves. */
  async complete(claim: Claim, answer: StoredAnswer): Promise<void> {
    await this.answer.run({ claim, answer });
  }

  /** Frees the key: the request was refused for a reason that a repetition may overcome. */
  async release({ id, owner }: Claim): Promise<void> {
    await this.rows.deleteOne({ _id: id, owner, state: 'in-flight' }, { writeConcern: { w: 1, journal: false } });
  }

  /**
   * Claims are written without waiting for the majority: the effect's own majority write comes after it in the same
   * log and so carries it along, and an effect is tied to the key by an index of its own. Resolves with who got theirs.
   */
  private async insertAll(claims: readonly Claim[]): Promise<boolean[]> {
    const expiresAt = new Date(Date.now() + keptMs);
    const operations = claims.map(({ id, owner, fingerprint }) => ({
      updateOne: { filter: { _id: id, owner }, update: { $set: { fingerprint, state: 'in-flight' as const, expiresAt }, $currentDate: { renewedAt: true as const } }, upsert: true },
    }));
    try {
      await this.rows.bulkWrite(operations, { ordered: false, writeConcern: { w: 1, journal: false } });
      return claims.map(() => true);
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError) || !isDuplicateKey(error)) throw error;
      const failures = [error.writeErrors].flat();
      if (failures.some(({ code }) => code !== 11_000)) throw error;
      const taken = new Set(failures.map(({ index }) => index));
      return claims.map((_, index) => !taken.has(index));
    }
  }

  private async completeAll(answers: readonly GivenAnswer[]): Promise<void[]> {
    const expiresAt = new Date(Date.now() + keptMs);
    await this.rows.bulkWrite(
      answers.map(({ claim: { id, owner }, answer }) => ({ updateOne: { filter: { _id: id, owner }, update: { $set: { state: 'answered' as const, answer, expiresAt } } } })),
      { ordered: false },
    );
    return [];
  }

  private async takeOver({ id, owner, fingerprint }: Claim): Promise<boolean> {
    const abandoned = { $lt: ['$renewedAt', { $subtract: ['$$NOW', leaseMs] }] };
    const { modifiedCount } = await this.rows.updateOne(
      { _id: id, fingerprint, state: 'in-flight', $expr: abandoned },
      { $set: { owner }, $currentDate: { renewedAt: true } },
    );
    return modifiedCount === 1;
  }
}

interface GivenAnswer {
  readonly claim: Claim;
  readonly answer: StoredAnswer;
}
