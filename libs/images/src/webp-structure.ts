import { Malformed, Truncated, type PictureStructure } from './picture-structure.ts';

const HEADER = 12;

/** Walks the chunks of a WebP to the end of the file. @throws Truncated, Malformed */
export function readWebp(bytes: Buffer): PictureStructure {
  const end = bytes.readUInt32LE(4) + 8;
  if (end > bytes.length) throw new Truncated();
  if (end < bytes.length) throw new Malformed('something else follows after the end of the picture');
  let size: { width: number; height: number } | undefined;
  let animated = false;
  for (let at = HEADER; at < end; ) {
    if (at + 8 > end) throw new Malformed('its chunks do not follow each other');
    const type = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const next = at + 8 + length + (length % 2);
    if (next > end) throw new Malformed('its chunks do not follow each other');
    if (type === 'ANIM' || type === 'ANMF') animated = true;
    // The largest of what the chunks say counts: the canvas stands before the picture.
    const found = sizeIn(type, bytes.subarray(at + 8, at + 8 + length));
    if (found && (size === undefined || found.width * found.height > size.width * size.height)) size = found;
    at = next;
  }
  if (size === undefined) throw new Malformed('it has no picture in it');
  return { format: 'webp', ...size, animated };
}

function sizeIn(type: string, chunk: Buffer): { width: number; height: number } | undefined {
  if (type === 'VP8X' && chunk.length >= 10) return { width: chunk.readUIntLE(4, 3) + 1, height: chunk.readUIntLE(7, 3) + 1 };
  if (type === 'VP8 ' && chunk.length >= 10) return { width: chunk.readUInt16LE(6) & 0x3fff, height: chunk.readUInt16LE(8) & 0x3fff };
  if (type === 'VP8L' && chunk.length >= 5) {
    const packed = chunk.readUInt32LE(1);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  return undefined;
}
