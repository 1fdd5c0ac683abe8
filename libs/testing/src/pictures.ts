import { readFileSync } from 'node:fs';

export type PictureName =
  | 'plain.jpg'
  | 'plain.webp'
  | 'rotated.jpg'
  | 'cmyk.jpg'
  | 'transparent.png'
  | 'largest.png'
  | 'drawing.svg'
  | 'truncated.jpg'
  | 'polyglot.jpg'
  | 'animated.gif'
  | 'animated.webp'
  | 'animated.png'
  | 'damaged.png'
  | 'bomb.png';

/** A picture that uploads are tested with, good or bad; `libs/images/test/make-pictures.ts` makes them. */
export function picture(name: PictureName): Buffer<ArrayBuffer> {
  // A copy with memory of its own: small files come from a pool that others share.
  return Buffer.from(Uint8Array.from(readFileSync(new URL(`../pictures/${name}`, import.meta.url))).buffer);
}
