import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type MailSummary, type StoredMail, summaryOf } from './stored-mail.ts';

interface Entry {
  readonly summary: MailSummary;
  readonly offset: number;
  readonly length: number;
}

interface Pending {
  readonly mail: StoredMail;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export interface MailStoreLimits {
  /** The newest so many mails are kept. */
  readonly maxMessages: number;
  /** The file is rewritten without the oldest mails before it grows past this many bytes. */
  readonly maxBytes: number;
}

export interface MailQuestion {
  /** Whole address, compared without regard to case. */
  readonly to?: string | undefined;
  /** An ISO time (mails received at or after it) or a mail's id (mails after it). */
  readonly since?: string | undefined;
  /** A mail's id: only mails that came before it, to read page by page. */
  readonly before?: string | undefined;
  readonly limit: number;
}

const NEWLINE = 0x0a;

/**
 * Mails in one append-only file, a JSON object per line. `append` resolves when its line is on
 * the disk; a line torn by a crash was never acknowledged and is cut off at the next start.
 * Bodies stay in the file, memory holds the summaries only.
 */
export class MailStore {
  readonly #path: string;
  readonly #limits: MailStoreLimits;
  #file: FileHandle;
  #entries: Entry[] = [];
  #size = 0;
  /** Mails in the file, those that have fallen out of the index included. */
  #inFile = 0;
  #pending: Pending[] = [];
  #writing: Promise<void> = Promise.resolve();
  #busy = false;

  private constructor(path: string, file: FileHandle, limits: MailStoreLimits) {
    this.#path = path;
    this.#file = file;
    this.#limits = limits;
  }

  static async open(directory: string, limits: MailStoreLimits): Promise<MailStore> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, 'mails.ndjson');
    // Not 'a+': on Linux an append handle ignores the position, and a torn write must be overwritten.
    await (await open(path, 'a', 0o600)).close();
    const store = new MailStore(path, await open(path, 'r+', 0o600), limits);
    await store.#load();
    return store;
  }

  get count(): number {
    return this.#entries.length;
  }

  append(mail: StoredMail): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ mail, resolve, reject });
      this.#flush();
    });
  }

  /** Newest first. */
  list(question: MailQuestion): MailSummary[] {
    const to = question.to?.toLowerCase();
    const since = question.since;
    const sinceTime = since === undefined || since.startsWith('mal_') ? undefined : new Date(since).toISOString();
    const found: MailSummary[] = [];
    for (let index = this.#entries.length - 1; index >= 0 && found.length < question.limit; index--) {
      const summary = this.#entries[index]?.summary;
      if (summary === undefined) break;
      if (sinceTime !== undefined ? summary.receivedAt < sinceTime : since !== undefined && summary.id <= since) break;
      if (question.before !== undefined && summary.id >= question.before) continue;
      if (to !== undefined && !summary.to.some((address) => address.toLowerCase() === to)) continue;
      found.push(summary);
    }
    return found;
  }

  async read(id: string): Promise<StoredMail | undefined> {
    // One turn of the write queue keeps a compaction from moving the line under the read.
    return this.#exclusive(async () => {
      const entry = this.#entries.find((candidate) => candidate.summary.id === id);
      if (entry === undefined) return undefined;
      return JSON.parse((await this.#line(entry)).toString('utf8')) as StoredMail;
    });
  }

  /** Forgets every mail. */
  async clear(): Promise<void> {
    await this.#exclusive(async () => {
      await this.#file.truncate(0);
      await this.#file.datasync();
      this.#entries = [];
      this.#size = 0;
      this.#inFile = 0;
    });
  }

  async close(): Promise<void> {
    await this.#exclusive(() => this.#file.close());
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(work);
    this.#writing = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** All mails that wait share one write and one sync. */
  #flush(): void {
    if (this.#busy) return;
    this.#busy = true;
    void this.#exclusive(async () => {
      this.#busy = false;
      const batch = this.#pending.splice(0);
      if (batch.length === 0) return;
      try {
        await this.#write(batch.map((waiting) => waiting.mail));
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        // A full disk may have taken half a line: the next write starts where the last good one ended.
        await this.#file.truncate(this.#size).catch(() => undefined);
        for (const waiting of batch) waiting.reject(error);
      }
    });
  }

  async #write(mails: readonly StoredMail[]): Promise<void> {
    const lines = mails.map((mail) => Buffer.from(`${JSON.stringify(mail)}\n`));
    const bytes = Buffer.concat(lines);
    if (this.#size + bytes.length > this.#limits.maxBytes || this.#inFile + mails.length > 2 * this.#limits.maxMessages) {
      await this.#compact(this.#limits.maxBytes / 2);
    }
    await writeAll(this.#file, bytes, this.#size);
    await this.#file.datasync();
    mails.forEach((mail, index) => {
      const length = lines[index]?.length ?? 0;
      this.#remember({ summary: summaryOf(mail), offset: this.#size, length });
      this.#size += length;
    });
  }

  #remember(entry: Entry): void {
    this.#entries.push(entry);
    this.#inFile += 1;
    if (this.#entries.length > this.#limits.maxMessages) this.#entries.shift();
  }

  /** Writes the newest mails that fit into `budget` bytes to a new file and puts it in the old one's place. */
  async #compact(budget: number): Promise<void> {
    let bytes = 0;
    let first = this.#entries.length;
    while (first > 0) {
      const length = this.#entries[first - 1]?.length ?? 0;
      if (bytes + length > budget) break;
      bytes += length;
      first -= 1;
    }
    const next = await open(`${this.#path}.next`, 'w+', 0o600);
    const kept: Entry[] = [];
    let offset = 0;
    try {
      for (const entry of this.#entries.slice(first)) {
        await writeAll(next, await this.#line(entry), offset);
        kept.push({ ...entry, offset });
        offset += entry.length;
      }
      await next.datasync();
      await rename(`${this.#path}.next`, this.#path);
      await syncDirectory(dirname(this.#path));
    } catch (error) {
      await next.close();
      throw error;
    }
    const old = this.#file;
    this.#file = next;
    this.#entries = kept;
    this.#size = offset;
    this.#inFile = kept.length;
    await old.close();
  }

  async #line(entry: Entry): Promise<Buffer> {
    const buffer = Buffer.alloc(entry.length);
    await this.#file.read(buffer, 0, entry.length, entry.offset);
    return buffer;
  }

  async #load(): Promise<void> {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of createReadStream(this.#path) as AsyncIterable<Buffer>) {
      let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
        this.#loadLine(bytes.subarray(0, end + 1));
        bytes = bytes.subarray(end + 1);
      }
      rest = bytes;
    }
    if ((await stat(this.#path)).size > this.#size) await this.#file.truncate(this.#size);
  }

  #loadLine(line: Buffer): void {
    let mail: StoredMail | undefined;
    try {
      mail = JSON.parse(line.toString('utf8')) as StoredMail;
    } catch {
      // A damaged line in the middle costs that mail only; compaction drops it.
    }
    if (mail !== undefined && typeof mail.id === 'string' && Array.isArray(mail.to)) {
      this.#remember({ summary: summaryOf(mail), offset: this.#size, length: line.length });
    }
    this.#size += line.length;
  }
}

const writeAll = async (file: FileHandle, bytes: Buffer, position: number): Promise<void> => {
  let written = 0;
  while (written < bytes.length) {
    const step = await file.write(bytes, written, bytes.length - written, position + written);
    written += step.bytesWritten;
  }
};

/** A rename is durable only when the folder is. */
const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
};
