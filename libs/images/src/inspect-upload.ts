import { AppError } from '@shopfleet/kernel';
import { readJpeg } from './jpeg-structure.ts';
import { MAX_PIXELS, MAX_UPLOAD_BYTES } from './limits.ts';
import { Malformed, Truncated, type PictureStructure } from './picture-structure.ts';
import { readPng } from './png-structure.ts';
import { readWebp } from './webp-structure.ts';

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Looks at an upload before anybody decodes it: what it is and how large it will be, from the file's own structure and
 * not from its name or what the sender says. No pixel is decoded, so a bomb costs nothing here.
 *
 * @throws AppError unsupported-media-type (no JPEG, PNG or WebP; animated), too-large (bytes or pixels), validation-failed
 * (broken off, or more than a picture)
 */
export function inspectUpload(bytes: Buffer): Omit<PictureStructure, 'animated'> {
  if (bytes.length > MAX_UPLOAD_BYTES) throw new AppError('too-large', { detail: 'A picture may have at most 5 MB. Send it smaller.' });
  const { animated, ...picture } = structureOf(bytes);
  if (animated) throw new AppError('unsupported-media-type', { detail: 'The picture moves. Send a still one, as JPEG, PNG or WebP.' });
  const { width, height } = picture;
  if (width === 0 || height === 0) throw broken('it has no pixels');
  if (width * height > MAX_PIXELS) {
    throw new AppError('too-large', { detail: `The picture has ${width} × ${height} = ${Math.round((width * height) / 1e6)} megapixels; at most ${MAX_PIXELS / 1e6} can be taken. Send it smaller.` });
  }
  return picture;
}

function structureOf(bytes: Buffer): PictureStructure {
  const read = readerOf(bytes);
  if (read === undefined) {
    throw new AppError('unsupported-media-type', { detail: `Send a picture as JPEG, PNG or WebP; this is ${kindOf(bytes)}.` });
  }
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof Truncated) throw broken('it ends before the picture does; send it again, whole');
    if (error instanceof Malformed) throw broken(error.message);
    throw error;
  }
}

function readerOf(bytes: Buffer): ((bytes: Buffer) => PictureStructure) | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return readJpeg;
  if (bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return readPng;
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return readWebp;
  return undefined;
}

function kindOf(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, 1_024).trimStart();
  if (bytes.length === 0) return 'empty';
  if (head.startsWith('GIF8')) return 'a GIF';
  if (head.slice(4, 8) === 'ftyp') return 'an AVIF, HEIC or video';
  if (/^(?:<\?xml|<svg|<!DOCTYPE svg)/iu.test(head) && head.includes('<svg')) return 'an SVG, which can hold scripts';
  if (head.startsWith('<')) return 'a page or another text';
  return 'something else';
}

function broken(message: string): AppError {
  return new AppError('validation-failed', { detail: `The picture cannot be used: ${message}.`, errors: [{ pointer: '/file', message }] });
}
