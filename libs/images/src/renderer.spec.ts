import { picture } from '@shopfleet/testing';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { decodesAtOnce } from './limits.ts';
import { PictureError } from './picture-error.ts';
import { Renderer } from './renderer.ts';
import type { Rendition } from './rendition.ts';

const renderer = new Renderer(1);
afterAll(() => renderer.close());

const bytesOf = (name: Parameters<typeof picture>[0]): Uint8Array<ArrayBuffer> => new Uint8Array(picture(name));
const sizes = (renditions: readonly Rendition[]): string[] => renditions.map(({ format, width, height }) => `${format} ${width}×${height}`).sort();

/** The colour of a rendition at a place, each from 0 to 1. */
async function colourAt({ bytes }: Rendition, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * (info.height - 1)) * info.width + Math.floor(x * (info.width - 1))) * info.channels;
  return [...data.subarray(at, at + info.channels)];
}
const isRed = ([red = 0, green = 0, blue = 0]: number[]): boolean => red > 150 && green < 90 && blue < 90;
const isBlue = ([red = 0, green = 0, blue = 0]: number[]): boolean => blue > 120 && red < 110 && green < 110;

describe('renditions', () => {
  it('come as AVIF and WebP in three sizes, not enlarged, and tell how far they are', async () => {
    const shares: number[] = [];
    const { renditions } = await renderer.render(bytesOf('plain.jpg'), (share) => shares.push(share));
    expect(sizes(renditions)).toEqual(['avif 160×120', 'avif 480×360', 'avif 640×480', 'webp 160×120', 'webp 480×360', 'webp 640×480']);
    expect(shares.at(-1)).toBe(1);
    for (const { bytes, format } of renditions) expect((await sharp(bytes).metadata()).format).toBe(format === 'avif' ? 'heif' : 'webp');
  });

  it('stand upright, and nothing is left of author and place', async () => {
    const { renditions } = await renderer.render(bytesOf('rotated.jpg'));
    expect(sizes(renditions)).toContain('avif 120×160');
    for (const rendition of renditions) {
      expect([isRed(await colourAt(rendition, 0.5, 0.1)), isBlue(await colourAt(rendition, 0.5, 0.9))]).toEqual([true, true]);
      const { exif, xmp, iptc, icc, orientation = 1 } = await sharp(rendition.bytes).metadata();
      expect({ exif, xmp, iptc, icc, orientation }).toEqual({ orientation: 1 });
      expect(Buffer.from(rendition.bytes).includes('canary-author')).toBe(false);
    }
    expect(picture('rotated.jpg').includes('canary-author')).toBe(true);
  });

  it('of colours for print are colours for screens', async () => {
    const { renditions } = await renderer.render(bytesOf('cmyk.jpg'));
    for (const rendition of renditions) {
      expect((await sharp(rendition.bytes).metadata()).space).toBe('srgb');
      expect([isRed(await colourAt(rendition, 0.1, 0.5)), isBlue(await colourAt(rendition, 0.9, 0.5))]).toEqual([true, true]);
    }
  });

  it('keep what is transparent', async () => {
    const { renditions } = await renderer.render(bytesOf('transparent.png'));
    for (const rendition of renditions) {
      expect((await colourAt(rendition, 0, 0))[3]).toBeLessThan(10);
      expect((await colourAt(rendition, 0.5, 0.5))[3]).toBeGreaterThan(245);
    }
  });

  it('of the largest picture that is taken are made, and of a bomb none, in bounded memory', async () => {
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss - before)), 5);
    try {
      expect(sizes((await renderer.render(bytesOf('largest.png'))).renditions)).toContain('avif 960×600');
      await expect(renderer.render(bytesOf('bomb.png'))).rejects.toThrow('more than 40 megapixels');
    } finally {
      clearInterval(watch);
    }
    // Forty megapixels as they are decoded, and room: the bomb would need 900 MB.
    expect(most).toBeLessThan(250 * 1024 * 1024);
  });

  it('are refused to what only looks like a picture, and the thread goes on', async () => {
    await expect(renderer.render(bytesOf('damaged.png'))).rejects.toThrow(PictureError);
    await expect(renderer.render(bytesOf('truncated.jpg'))).rejects.toThrow('damaged');
    expect((await renderer.render(bytesOf('plain.webp'))).renditions).toHaveLength(6);
  });

  it('leave the event loop to others', async () => {
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    await renderer.render(bytesOf('largest.png'));
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(10);
  });
});

it('one core is left to everything else', () => {
  expect([1, 2, 8].map(decodesAtOnce)).toEqual([1, 1, 7]);
});
