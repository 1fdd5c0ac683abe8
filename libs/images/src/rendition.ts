import { createHash } from 'node:crypto';
import { RENDITION_VERSION, type RENDITION_FORMATS, type RENDITION_SIZES } from './limits.ts';

/** A smaller copy of a picture, stripped of everything that is not pixels. */
export interface Rendition {
  readonly format: (typeof RENDITION_FORMATS)[number];
  /** The square it fits into, in pixels: part of its address. */
  readonly size: (typeof RENDITION_SIZES)[number];
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/**
 * What the renditions of an original are stored and addressed by. It depends on the original's bytes and on how renditions
 * are made and on nothing else: the same picture has the same addresses, and what stands at an address never changes.
 */
export function pictureHash(original: string): string {
  return createHash('sha256').update(`${RENDITION_VERSION}:${original}`).digest('hex').slice(0, 32);
}

/** The key of an original in the object store; it is kept to itself. @param original hex of its SHA-256 */
export function originalKey(original: string): string {
  return `originals/${original}`;
}

/** The key of a rendition in the object store, below the part that nginx serves. */
export function renditionKey(hash: string, { size, format }: Pick<Rendition, 'size' | 'format'>): string {
  return `public/${hash}/${size}.${format}`;
}

/** Where shoppers find a rendition. */
export function renditionUrl(hash: string, { size, format }: Pick<Rendition, 'size' | 'format'>): string {
  return `/images/${hash}/${size}.${format}`;
}
