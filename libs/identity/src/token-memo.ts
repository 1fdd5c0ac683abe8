import { createHash } from 'node:crypto';
import type { Principal } from './principal.ts';

interface Entry {
  readonly principal: Principal;
  readonly expiresAt: number;
}

/**
 * Remembers tokens that were verified, until they expire, because a signature check costs some 0.1 ms of CPU and one
 * shopper sends the same token with every request. Keyed by hash: a heap dump holds no usable token. The least recently
 * used entry goes first.
 */
export class TokenMemo {
  private readonly entries = new Map<string, Entry>();
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.entries.size;
  }

  /** @param now milliseconds since the epoch */
  find(token: string, now: number): Principal | undefined {
    const key = keyOf(token);
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    if (entry.expiresAt <= now) return undefined;
    this.entries.set(key, entry);
    return entry.principal;
  }

  /** @param expiresAt milliseconds since the epoch */
  remember(token: string, principal: Principal, expiresAt: number): void {
    this.entries.set(keyOf(token), { principal, expiresAt });
    if (this.entries.size <= this.capacity) return;
    const oldest = this.entries.keys().next();
    if (!oldest.done) this.entries.delete(oldest.value);
  }
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
