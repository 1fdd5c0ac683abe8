import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib';
import type { Filled } from './cached-answer.ts';

const level = 6;
// Answers up to here are packed and unpacked in this thread: packing takes 0.1 to 0.4 ms, and to hand it to another thread
// and take it back costs as much here, and the machine twice as much.
const packedHereBytes = 32 * 1024;
const compressElsewhere = promisify(gzip);
const decompressElsewhere = promisify(gunzip);

/** An answer as the tiers keep it. Times are milliseconds since the epoch. */
export interface StoredAnswer {
  readonly body: Buffer;
  readonly gzip: Buffer;
  readonly etag: string;
  readonly freshUntil: number;
  readonly staleUntil: number;
}

export async function storedAnswerOf(filled: Filled, freshUntil: number, staleUntil: number): Promise<StoredAnswer> {
  const body = ownBytes(Buffer.from(JSON.stringify(filled.json)));
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const etag = filled.version === undefined ? `"${hash}"` : `"${filled.version}-${hash}"`;
  return { body, gzip: ownBytes(await compress(body)), etag, freshUntil, staleUntil };
}

/**
 * The same bytes in memory of their own. Node hands out buffers of some KB as pieces of 64 KB, which stay for as long as one
 * piece is kept: a memory tier of 32 MB held several hundred.
 */
function ownBytes(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

function compress(body: Buffer): Buffer | Promise<Buffer> {
  return body.length > packedHereBytes ? compressElsewhere(body, { level }) : gzipSync(body, { level });
}

// The last four bytes of a gzip file are the length of what is in it (RFC 1952).
function decompress(packed: Buffer): Buffer | Promise<Buffer> {
  return packed.readUInt32LE(packed.length - 4) > packedHereBytes ? decompressElsewhere(packed) : gunzipSync(packed);
}

interface Header {
  readonly etag: string;
  readonly freshUntil: number;
  readonly staleUntil: number;
  readonly generations: readonly string[];
}

/** Length of the header (4 bytes), header as JSON, gzip bytes. The plain body is not kept twice in Redis. */
export function encodeStored(answer: StoredAnswer, generations: readonly string[]): Buffer {
  const { etag, freshUntil, staleUntil } = answer;
  const header = Buffer.from(JSON.stringify({ etag, freshUntil, staleUntil, generations } satisfies Header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, answer.gzip]);
}

/** Undefined when the bytes are of another generation of their tags, that is: invalidated after they were read; and when they are damaged. */
export async function decodeStored(bytes: Buffer, generations: readonly string[]): Promise<StoredAnswer | undefined> {
  // Redis gave an answer, whatever became of it: it must not count as away.
  return decode(bytes, generations).catch(() => undefined);
}

async function decode(bytes: Buffer, generations: readonly string[]): Promise<StoredAnswer | undefined> {
  const length = bytes.readUInt32BE(0);
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Header;
  const sameGeneration = header.generations.length === generations.length && header.generations.every((value, index) => value === generations[index]);
  if (!sameGeneration) return undefined;
  const packed = ownBytes(bytes.subarray(4 + length));
  return { body: ownBytes(await decompress(packed)), gzip: packed, etag: header.etag, freshUntil: header.freshUntil, staleUntil: header.staleUntil };
}
