import { Malformed, Truncated, type PictureStructure } from './picture-structure.ts';

const FIRST_CHUNK = 8;

/** Walks the chunks of a PNG to the end of the file. @throws Truncated, Malformed */
export function readPng(bytes: Buffer): PictureStructure {
  let size: { width: number; height: number } | undefined;
  let animated = false;
  for (let at = FIRST_CHUNK; ; ) {
    if (at + 12 > bytes.length) throw new Truncated();
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const next = at + 12 + length;
    if (next > bytes.length) throw new Truncated();
    if (size === undefined && (type !== 'IHDR' || length !== 13)) throw new Malformed('it does not begin with its size');
    if (type === 'IHDR') size ??= { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    if (type === 'acTL') animated = true;
    if (type === 'IEND') {
      if (next !== bytes.length) throw new Malformed('something else follows after the end of the picture');
      return { format: 'png', width: size?.width ?? 0, height: size?.height ?? 0, animated };
    }
    at = next;
  }
}
