import { createReadStream } from 'node:fs';
import { mkdir, open, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { JournalEntry } from './payments.schema.ts';

/**
 * An append-only file with one JSON entry per line. `append` resolves when the line has been handed to the operating
 * system, so that killing the process loses nothing that was answered.
 */
export class Journal {
  readonly #file: FileHandle;
  readonly #path: string;
  #waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = [];
  #writing = false;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async open(path: string): Promise<Journal> {
    await mkdir(dirname(path), { recursive: true });
    return new Journal(path, await open(path, 'a'));
  }

  /** All entries; a last line cut short by a kill was never answered and is cut off. */
  async *read(): AsyncGenerator<JournalEntry> {
    let whole = 0;
    for await (const line of createInterface({ input: createReadStream(this.#path), crlfDelay: Infinity })) {
      try {
        const entry = JSON.parse(line) as JournalEntry;
        whole += Buffer.byteLength(line) + 1;
        yield entry;
      } catch {
        break;
      }
    }
    await truncate(this.#path, Math.min(whole, (await this.#file.stat()).size));
  }

  append(entry: JournalEntry): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ line: `${JSON.stringify(entry)}\n`, done, failed });
      if (!this.#writing) void this.#write();
    });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#file.appendFile(batch.map((entry) => entry.line).join(''));
        for (const entry of batch) entry.done();
      } catch (error) {
        for (const entry of batch) entry.failed(error);
      }
    }
    this.#writing = false;
  }
}
