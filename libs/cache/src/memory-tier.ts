import { LRUCache } from 'lru-cache';
import type { StoredAnswer } from './stored-answer.ts';

// Past this many invalidated tags everything is forgotten, so that the counts themselves stay bounded.
const MAX_TAGS = 50_000;
// What a key, the tags and the objects around the buffers take, roughly.
const OVERHEAD_BYTES = 512;
// Ten thousand answers are gone through in a few milliseconds.
const CLEARED_EVERY_MS = 60_000;

/** How often each of a list of tags had been invalidated at one moment. */
export type Mark = readonly number[];

interface Kept {
  readonly answer: StoredAnswer;
  readonly tags: readonly string[];
  readonly mark: Mark;
  readonly keptAt: number;
}

/** The tier of one process (L1): ready bytes, at most a minute longer than they are of use; where room is short the least recently used go first. */
export class MemoryTier {
  readonly #answers: LRUCache<string, Kept>;
  readonly #counts = new Map<string, number>();
  #epoch = 0;
  #clearedAt = Date.now();

  constructor(maxBytes: number) {
    this.#answers = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ answer }) => answer.body.length + answer.gzip.length + OVERHEAD_BYTES,
    });
  }

  /** The answer unless it was invalidated; `ageMs` since it was kept. It may be past its time. */
  find(id: string): { answer: StoredAnswer; ageMs: number } | undefined {
    const kept = this.#answers.get(id);
    if (!kept) return undefined;
    if (this.changedSince(kept.mark, kept.tags)) {
      this.#answers.delete(id);
      return undefined;
    }
    return { answer: kept.answer, ageMs: Date.now() - kept.keptAt };
  }

  /** To be taken before the source is read. */
  mark(tags: readonly string[]): Mark {
    return [this.#epoch, ...tags.map((tag) => this.#counts.get(tag) ?? 0)];
  }

  changedSince(mark: Mark, tags: readonly string[]): boolean {
    return mark[0] !== this.#epoch || tags.some((tag, index) => (this.#counts.get(tag) ?? 0) !== mark[index + 1]);
  }

  /** Keeps the answer unless one of its tags was invalidated since `mark`. */
  keep(id: string, answer: StoredAnswer, tags: readonly string[], mark: Mark): void {
    if (this.changedSince(mark, tags)) return;
    const now = Date.now();
    this.#answers.set(id, { answer, tags, mark, keptAt: now });
    if (now - this.#clearedAt >= CLEARED_EVERY_MS) this.#clear(now);
  }

  invalidate(tags: readonly string[]): void {
    for (const tag of tags) this.#counts.set(tag, (this.#counts.get(tag) ?? 0) + 1);
    if (this.#counts.size > MAX_TAGS) this.forgetAll();
  }

  forgetAll(): void {
    this.#epoch += 1;
    this.#counts.clear();
    this.#answers.clear();
  }

  get bytes(): number {
    return this.#answers.calculatedSize;
  }

  // What nobody asks for again would stay until there is no room, as if a worker grew by the hour.
  #clear(now: number): void {
    this.#clearedAt = now;
    for (const [id, { answer, mark, tags }] of this.#answers.entries()) if (now >= answer.staleUntil || this.changedSince(mark, tags)) this.#answers.delete(id);
  }
}
