import { availableParallelism } from 'node:os';

/** What an upload may be at most; from features.md "Uploads". */
export const MAX_UPLOAD_BYTES = 5 * 1024 * 1024;
export const MAX_PIXELS = 40_000_000;

/** Renditions fit into squares of so many pixels; nothing is enlarged. */
export const RENDITION_SIZES = [160, 480, 960] as const;

/** The formats that renditions come in, best first. */
export const RENDITION_FORMATS = ['avif', 'webp'] as const;

/** Part of every rendition's address: a change of how renditions are made gives all of them new ones. */
export const RENDITION_VERSION = 1;

/** How many pictures may be decoded at once on a machine: one core is left to everything else. */
export function decodesAtOnce(cores = availableParallelism()): number {
  return Math.max(1, cores - 1);
}
