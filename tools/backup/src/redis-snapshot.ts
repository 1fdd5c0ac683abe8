import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { RedisStateClient } from '@shopfleet/redis';
import { BackupError } from './backup-error.ts';
import type { Vault } from './vault.ts';

const silentMs = 60_000;

/**
 * All of a Redis as it is at one moment (RDB), taken over the wire as a replica takes it: no file of the server has to be
 * reachable, and it forks as it does for its own snapshots.
 * @throws BackupError when the server refuses (some hosted ones know no SYNC)
 */
export async function* redisSnapshot(url: string): AsyncGenerator<Buffer> {
  const { hostname, port, username, password, protocol, searchParams } = new URL(url);
  const options = searchParams.has('sentinels') ? await primaryOf(url) : { host: hostname, port: Number(port || 6379) };
  const socket = protocol === 'rediss:' ? connectTls({ ...options, servername: hostname }) : connect(options);
  socket.setTimeout(silentMs, () => socket.destroy(new BackupError('Redis was silent for a minute')));
  const login = password === '' ? [] : [['AUTH', ...(username === '' ? [] : [decodeURIComponent(username)]), decodeURIComponent(password)]];
  try {
    yield* snapshotIn(socket, [...login, ['REPLCONF', 'rdb-only', '1'], ['SYNC']]);
  } finally {
    socket.destroy();
  }
}

/** Who is primary by what the Sentinels say just now. */
async function primaryOf(url: string): Promise<{ readonly host: string; readonly port: number }> {
  const client = new RedisStateClient(url);
  try {
    await client.ping();
    const { remoteAddress: host, remotePort: port } = client.stream as Socket;
    if (host === undefined || port === undefined) throw new BackupError('the Sentinels name no primary of redis-state');
    return { host, port };
  } finally {
    await client.onApplicationShutdown();
  }
}

/** The bytes between `$<length>` and their end; a server that does not know the length ends them with a mark of 40 bytes. */
async function* snapshotIn(socket: Socket, commands: readonly string[][]): AsyncGenerator<Buffer> {
  // One after the other: Redis takes no SYNC behind an answer that is still under way.
  const waiting = [...commands];
  const next = (): void => {
    const words = waiting.shift();
    if (words !== undefined) socket.write(command(words));
  };
  next();
  let pending: Buffer = Buffer.alloc(0);
  let header: Header | undefined;
  let left = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    pending = Buffer.concat([pending, chunk]);
    if (header === undefined) {
      const begun = beginningOf(pending, next);
      pending = begun.rest;
      header = begun.header;
      if (header === undefined) continue;
      left = header.length ?? 0;
    }
    if (header.mark !== undefined) {
      if (pending.subarray(-40).equals(header.mark)) {
        yield pending.subarray(0, -40);
        return;
      }
      // The mark may have come in half.
      if (pending.length > 40) yield pending.subarray(0, -40);
      pending = pending.subarray(-40);
    } else {
      const piece = pending.subarray(0, left);
      yield piece;
      left -= piece.length;
      pending = Buffer.alloc(0);
      if (left === 0) return;
    }
  }
  throw new BackupError('Redis ended the connection before its snapshot was complete');
}

interface Header {
  readonly length?: number;
  readonly mark?: Buffer;
}

/** What comes first: answers to the commands, empty lines while Redis makes the snapshot, then `$…`. */
function beginningOf(bytes: Buffer, answered: () => void): { readonly rest: Buffer; readonly header?: Header } {
  for (let rest = bytes; ; ) {
    const end = rest.indexOf('\n');
    if (end < 0) return { rest };
    const line = rest.subarray(0, end).toString('latin1').trimEnd();
    rest = rest.subarray(end + 1);
    if (line.startsWith('$EOF:')) return { rest, header: { mark: Buffer.from(line.slice(5), 'latin1') } };
    if (line.startsWith('$')) return { rest, header: { length: Number(line.slice(1)) } };
    // An older server does not know rdb-only, and sends the snapshot all the same.
    if (line.startsWith('-') && !/rdb-only|REPLCONF/iu.test(line)) throw new BackupError(`Redis gives no snapshot: ${line.slice(1)}`);
    if (line !== '') answered();
  }
}

function command(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/**
 * Puts a snapshot where a Redis with `appendonly yes` begins from it: as the base of its append-only files. The server must
 * not run. Replaces what it had.
 */
export async function placeSnapshot(dataFolder: string, vault: Vault, parts: readonly string[]): Promise<void> {
  const folder = join(dataFolder, 'appendonlydir');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(dataFolder)) if (name.endsWith('.rdb')) await rm(join(dataFolder, name));
  const base = 'appendonly.aof.1.base.rdb';
  await writeFile(join(folder, base), vault.getStream(parts));
  await writeFile(join(folder, 'appendonly.aof.manifest'), `file ${base} seq 1 type b\n`);
}
