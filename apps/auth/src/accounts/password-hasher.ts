import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AppError } from '@shopfleet/kernel';
import { Piscina } from 'piscina';
import type { PasswordTask } from './password.worker.ts';

// The compiled thread beside the compiled service, the source beside the source.
const worker = fileURLToPath(new URL(`password.worker${extname(import.meta.url)}`, import.meta.url));
// Half of the machine at most, so that browsing goes on while people log in; a second or so of waiting logins.
const threads = Math.max(1, Math.floor(availableParallelism() / 2));
const waitingAtMost = 48;

/**
 * Hashes and checks passwords in threads of its own, which give way to whatever else wants a core: a login may wait for
 * some milliseconds, a page should not. Rejects with `dependency-unavailable` when too many wait.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit, OnApplicationShutdown {
  // A thread has its next task at hand when it ends one, and need not wait until the event loop hands it over.
  private readonly pool = new Piscina<PasswordTask>({ filename: worker, minThreads: threads, maxThreads: threads, concurrentTasksPerWorker: 2, niceIncrement: 10, resourceLimits: { maxOldGenerationSizeMb: 16 } });
  private placeholder = '';

  async onModuleInit(): Promise<void> {
    this.placeholder = await this.hash(crypto.randomUUID());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }

  async hash(password: string): Promise<string> {
    return (await this.run('hash', { password: canonical(password) })) as string;
  }

  /** Takes as long without a stored hash (nobody has that address) as with one, and then answers false. */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const equal = (await this.run('matches', { password: canonical(password), stored: stored ?? this.placeholder })) as boolean;
    return equal && stored !== undefined;
  }

  // An answer that comes after the client has given up helps nobody.
  private async run(name: 'hash' | 'matches', task: PasswordTask): Promise<unknown> {
    if (this.pool.queueSize >= waitingAtMost) {
      throw new AppError('dependency-unavailable', { detail: 'Too many people are logging in at this moment; try again in a second.', retryAfterSeconds: 1 });
    }
    return this.pool.run(task, { name });
  }
}

// The same password typed on two keyboards may arrive as different code points (RFC 8265).
function canonical(password: string): string {
  return password.normalize('NFC');
}
