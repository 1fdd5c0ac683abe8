import { createHash } from 'node:crypto';
import { MAX_UPLOAD_BYTES } from '@shopfleet/images';
import { AppError } from '@shopfleet/kernel';
import type {} from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

/** A picture as it was sent. */
export interface ImageUpload {
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, in hex. */
  readonly hash: string;
  readonly alt?: string;
}

const altText = z.string().trim().min(1).max(200);
const limits = { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 1, fieldSize: 2_000, fieldNameSize: 100, parts: 2, headerPairs: 20 };
const roomForFields = 64 * 1_024;

/**
 * Reads a form with the part `file` and, where it is described, `alt`.
 * @throws AppError unsupported-media-type, too-large, validation-failed
 */
export async function readUpload(request: FastifyRequest): Promise<ImageUpload> {
  if (!request.isMultipart()) throw new AppError('unsupported-media-type', { detail: 'Send the picture as multipart/form-data, in a part called file.' });
  try {
    return await readForm(request);
  } catch (error) {
    dropRest(request);
    const refusal = refusals[codeOf(error)];
    if (refusal !== undefined) throw wrong(...refusal);
    if (error instanceof AppError || isRefusal(error)) throw error;
    throw new AppError('validation-failed', { detail: 'The form ends too early or is no form. Send it again, whole.', cause: error });
  }
}

// What the parser says of these speaks of its limits.
const refusals: Readonly<Record<string, readonly [name: string, message: string]>> = {
  FST_FILES_LIMIT: ['file', 'comes more than once: send one picture at a time'],
  FST_FIELDS_LIMIT: ['alt', 'may come once, and no other field beside it'],
  FST_PARTS_LIMIT: ['file', 'and alt are all that may come: one picture and what it shows'],
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

// What is still to come has to be read: the next request, perhaps somebody else's, waits behind it on the same connection
// of nginx. Whoever sends more than a whole form may hold loses the connection.
function dropRest({ raw }: FastifyRequest): void {
  let left = MAX_UPLOAD_BYTES + roomForFields;
  raw.unpipe();
  raw.on('data', (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) raw.destroy();
  });
  raw.resume();
}

// What the parser refuses by its limits has a status; what it cannot make sense of has none.
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500;
}

async function readForm(request: FastifyRequest): Promise<ImageUpload> {
  let file: Omit<ImageUpload, 'alt'> | undefined;
  let alt: string | undefined;
  for await (const part of request.parts({ limits })) {
    if (part.type === 'file' && part.fieldname === 'file') file = await readFile(part.file);
    else if (part.type === 'field' && part.fieldname === 'alt') alt = readAlt(part.value);
    else throw wrong(part.fieldname, 'is not known here');
  }
  if (file === undefined) throw wrong('file', 'is missing: the picture');
  return { ...file, ...(alt !== undefined && { alt }) };
}

// Hashed piece by piece as it comes: five megabytes at once would hold up everybody else for some milliseconds.
async function readFile(stream: AsyncIterable<Buffer> & { readonly truncated: boolean }): Promise<Omit<ImageUpload, 'alt'>> {
  const hash = createHash('sha256');
  const pieces: Buffer[] = [];
  for await (const piece of stream) {
    hash.update(piece);
    pieces.push(piece);
  }
  if (stream.truncated) throw new AppError('too-large', { detail: 'A picture may have at most 5 MB. Send it smaller.' });
  return { bytes: Buffer.concat(pieces), hash: hash.digest('hex') };
}

function readAlt(value: unknown): string {
  const alt = altText.safeParse(value);
  if (alt.success) return alt.data;
  throw wrong('alt', 'says what the picture shows, in 1 to 200 characters');
}

function wrong(name: string, message: string): AppError {
  return new AppError('validation-failed', { detail: `Correct and send again: ${name} ${message}.`, errors: [{ pointer: `/${name}`, message }] });
}
