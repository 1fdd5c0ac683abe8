import { Malformed, Truncated, type PictureStructure } from './picture-structure.ts';

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/**
 * Walks the segments of a JPEG to the end of the file. Cameras append further JPEGs (previews, depth) and zeros: these are
 * let through, anything else after the end is not.
 * @throws Truncated, Malformed
 */
export function readJpeg(bytes: Buffer): PictureStructure {
  const picture = walk(bytes, 0);
  let rest = skipZeros(bytes, picture.end);
  while (rest < bytes.length) {
    if (bytes[rest] !== 0xff || bytes[rest + 1] !== 0xd8) throw new Malformed('something else follows after the end of the picture');
    rest = skipZeros(bytes, walk(bytes, rest).end);
  }
  return { format: 'jpeg', width: picture.width, height: picture.height, animated: false };
}

function walk(bytes: Buffer, start: number): { width: number; height: number; end: number } {
  let size: { width: number; height: number } | undefined;
  let at = start + 2;
  for (;;) {
    if (at + 2 > bytes.length) throw new Truncated();
    if (bytes[at] !== 0xff) throw new Malformed('its segments do not follow each other');
    const marker = bytes[at + 1] ?? 0;
    at += marker === 0xff ? 1 : 2;
    if (marker === 0xff || isBare(marker)) continue;
    if (marker === END_OF_IMAGE) {
      if (size === undefined) throw new Malformed('it has no picture in it');
      return { ...size, end: at };
    }
    if (at + 2 > bytes.length) throw new Truncated();
    const length = bytes.readUInt16BE(at);
    if (length < 2) throw new Malformed('a segment has no length');
    if (at + length > bytes.length) throw new Truncated();
    if (isFrame(marker)) {
      if (length < 8) throw new Malformed('its frame is too short');
      size ??= { height: bytes.readUInt16BE(at + 3), width: bytes.readUInt16BE(at + 5) };
    }
    at += length;
    if (marker === START_OF_SCAN) at = endOfScan(bytes, at);
  }
}

// Within a scan 0xff is followed by 0 or a restart marker; anything else begins the next segment.
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  throw new Truncated();
}

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;
const isBare = (marker: number): boolean => isRestart(marker) || marker === 0x01;
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function skipZeros(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0) at += 1;
  return at;
}
