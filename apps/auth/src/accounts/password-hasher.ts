import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { BoundedQueue } from './bounded-queue.ts';

// OWASP's smallest recommended argon2id setting: 19 MiB, two passes, one lane; about 20 ms.
const argon2id = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
// Half of the machine at most, so that browsing goes on while people log in; a second or so of waiting logins.
const concurrency = Math.max(1, Math.floor(availableParallelism() / 2));
const waitingAtMost = 48;

/** Hashes and checks passwords on the thread pool, a few at once. Rejects with `dependency-unavailable` when too many wait. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly queue = new BoundedQueue({ concurrency, waitingAtMost });
  private placeholder = '';

  async onModuleInit(): Promise<void> {
    this.placeholder = await hash(crypto.randomUUID(), argon2id);
  }

  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(canonical(password), argon2id));
  }

  /** Takes as long without a stored hash (nobody has that address) as with one, and then answers false. */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const equal = await this.queue.run(() => verify(stored ?? this.placeholder, canonical(password)));
    return equal && stored !== undefined;
  }
}

// The same password typed on two keyboards may arrive as different code points (RFC 8265).
function canonical(password: string): string {
  return password.normalize('NFC');
}
