import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Raw } from 'sharp';

// Makes the pictures that uploads are tested with: node libs/images/test/make-pictures.ts. They are part of the repository,
// so that a new version of the encoder changes no test.
const folder = fileURLToPath(new URL('../../testing/pictures/', import.meta.url));
mkdirSync(folder, { recursive: true });
const save = (name: string, bytes: Uint8Array | string): void => writeFileSync(`${folder}${name}`, bytes);

/** Left red, right blue. */
function halves(width: number, height: number): { data: Buffer; raw: Raw } {
  const data = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) data[pixel * 3 + (pixel % width < width / 2 ? 0 : 2)] = 230;
  return { data, raw: { width, height, channels: 3 } };
}
const { data, raw } = halves(640, 480);
const picture = () => sharp(data, { raw });

const plain = await picture().jpeg({ quality: 80 }).toBuffer();
save('plain.jpg', plain);
save('plain.webp', await picture().webp().toBuffer());
// Stored lying, to be shown upright: left becomes top. With an author and a place in it.
save('rotated.jpg', await picture().jpeg().withMetadata({ orientation: 6 }).withExifMerge({ IFD0: { Artist: 'canary-author' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } }).toBuffer());
save('cmyk.jpg', await picture().toColourspace('cmyk').jpeg().toBuffer());
const hole = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><circle cx="150" cy="150" r="100" fill="#1a6"/></svg>');
save('transparent.png', await sharp(hole).png({ palette: true }).toBuffer());
save('drawing.svg', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>\n');
save('truncated.jpg', plain.subarray(0, Math.floor(plain.length * 0.6)));
save('polyglot.jpg', Buffer.concat([plain, Buffer.from('<html><script>alert(1)</script></html>\n')]));
const frames = await Promise.all(['#248', '#842'].map((background) => sharp({ create: { width: 40, height: 40, channels: 3, background } }).png().toBuffer()));
save('animated.gif', await sharp(frames, { join: { animated: true } }).gif().toBuffer());
save('animated.webp', await sharp(frames, { join: { animated: true } }).webp().toBuffer());

function chunk(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(content.length);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}
function png(width: number, height: number, more: readonly Buffer[], packed: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  // One bit of grey per pixel.
  header[8] = 1;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), ...more, chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))]);
}
const rows = (width: number, height: number): Buffer => deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height), { level: 9 });
save('bomb.png', png(30_000, 30_000, [], rows(30_000, 30_000)));
save('animated.png', png(40, 40, [chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))], rows(40, 40)));
// Whole as a file, but what it packs is nonsense.
save('damaged.png', png(400, 400, [], Buffer.from('this is nothing that zlib would unpack')));
// Forty megapixels to the pixel: the largest that is taken.
save('largest.png', png(8_000, 5_000, [], rows(8_000, 5_000)));
