import type { ObjectStore } from '@shopfleet/images';
import { BackupError } from './backup-error.ts';
import { open, seal } from './sealing.ts';

// Small enough to be held in memory while it is sealed, large enough for few requests.
const partBytes = 16 * 1024 * 1024;

/** Where backups lie: an object store whose contents are sealed. */
export class Vault {
  private readonly store: ObjectStore;
  private readonly key: Buffer | undefined;

  constructor(store: ObjectStore, key?: Buffer) {
    this.store = store;
    this.key = key;
  }

  get isEncrypted(): boolean {
    return this.key !== undefined;
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    await this.store.put(name, await seal(name, bytes, this.key), 'application/octet-stream');
  }

  /** @throws BackupError when it is missing, damaged or sealed with another key */
  async get(name: string): Promise<Buffer> {
    const sealed = await this.store.get(name);
    if (sealed === undefined) throw new BackupError(`${name} is missing in the backup`);
    return open(name, Buffer.from(sealed), this.key);
  }

  async putJson(name: string, value: unknown): Promise<void> {
    await this.put(name, Buffer.from(JSON.stringify(value)));
  }

  async getJson<T>(name: string): Promise<T> {
    return JSON.parse((await this.get(name)).toString()) as T;
  }

  /** Names below a folder. */
  list(folder: string): Promise<string[]> {
    return namesIn(this.store, folder);
  }

  async removeFolder(folder: string): Promise<void> {
    for (const name of await this.list(folder)) await this.store.remove(name);
  }

  /** Puts a stream into parts named `prefix0001`, …; a chunk is never divided. Resolves with their names. */
  async putStream(prefix: string, stream: AsyncIterable<Uint8Array>): Promise<string[]> {
    const names: string[] = [];
    let chunks: Uint8Array[] = [];
    let size = 0;
    const flush = async (): Promise<void> => {
      if (chunks.length === 0) return;
      const name = `${prefix}${String(names.length + 1).padStart(4, '0')}`;
      await this.put(name, Buffer.concat(chunks));
      names.push(name);
      chunks = [];
      size = 0;
    };
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= partBytes) await flush();
    }
    await flush();
    return names;
  }

  /** The parts of a stream, one after the other. */
  async *getStream(names: readonly string[]): AsyncGenerator<Buffer> {
    for (const name of names) yield await this.get(name);
  }
}

/** The names of all objects, or of those below a folder. */
export async function namesIn(store: ObjectStore, folder?: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of store.list(folder)) names.push(name);
  return names;
}
