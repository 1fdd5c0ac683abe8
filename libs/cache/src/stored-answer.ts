import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Filled } from './cached-answer.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** An answer as the tiers keep it. Times are milliseconds since the epoch. */
export interface StoredAnswer {
  readonly body: Buffer;
  readonly gzip: Buffer;
  readonly etag: string;
  readonly freshUntil: number;
  readonly staleUntil: number;
}

export async function storedAnswerOf(filled: Filled, freshUntil: number, staleUntil: number): Promise<StoredAnswer> {
  const body = Buffer.from(JSON.stringify(filled.json));
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const etag = filled.version === undefined ? `"${hash}"` : `"${filled.version}-${hash}"`;
  return { body, gzip: await compress(body, { level: 6 }), etag, freshUntil, staleUntil };
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

/** Undefined when the bytes are of another generation of their tags, that is: invalidated after they were read. */
export async function decodeStored(bytes: Buffer, generations: readonly string[]): Promise<StoredAnswer | undefined> {
  const length = bytes.readUInt32BE(0);
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Header;
  const sameGeneration = header.generations.length === generations.length && header.generations.every((value, index) => value === generations[index]);
  if (!sameGeneration) return undefined;
  const packed = Buffer.from(bytes.subarray(4 + length));
  return { body: await decompress(packed), gzip: packed, etag: header.etag, freshUntil: header.freshUntil, staleUntil: header.staleUntil };
}
