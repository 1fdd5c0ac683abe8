import { AppError } from '@shopfleet/kernel';
import { picture, type PictureName } from '@shopfleet/testing';
import { describe, expect, it } from 'vitest';
import { inspectUpload } from './inspect-upload.ts';

function refusalOf(bytes: Buffer): AppError {
  try {
    inspectUpload(bytes);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('an upload', () => {
  it.each<[PictureName, object]>([
    ['plain.jpg', { format: 'jpeg', width: 640, height: 480 }],
    ['plain.webp', { format: 'webp', width: 640, height: 480 }],
    ['rotated.jpg', { format: 'jpeg', width: 640, height: 480 }],
    ['cmyk.jpg', { format: 'jpeg', width: 640, height: 480 }],
    ['transparent.png', { format: 'png', width: 300, height: 300 }],
    ['largest.png', { format: 'png', width: 8_000, height: 5_000 }],
  ])('%s is taken', (name, expected) => {
    expect(inspectUpload(picture(name))).toEqual(expected);
  });

  it.each<[PictureName, number, RegExp]>([
    ['drawing.svg', 415, /an SVG/u],
    ['animated.gif', 415, /a GIF/u],
    ['animated.webp', 415, /moves/u],
    ['animated.png', 415, /moves/u],
    ['truncated.jpg', 400, /ends before/u],
    ['polyglot.jpg', 400, /follows after the end/u],
    ['bomb.png', 413, /30000 × 30000 = 900 megapixels/u],
  ])('%s is refused', (name, status, reason) => {
    const { status: found, detail } = refusalOf(picture(name));
    expect([found, detail]).toEqual([status, expect.stringMatching(reason)]);
  });

  it('of one column more than 40 megapixels is refused', () => {
    const wider = Buffer.from(picture('largest.png'));
    // The width, in the first chunk of a PNG; its checksum is nobody's business before it is decoded.
    wider.writeUInt32BE(8_001, 16);
    const { status, detail } = refusalOf(wider);
    expect([status, detail]).toEqual([413, expect.stringContaining('at most 40 can be taken')]);
  });

  it('of more than 5 MB, of nothing or of text is refused', () => {
    expect(inspectUpload(Buffer.concat([picture('plain.jpg'), Buffer.alloc(5 * 1024 * 1024 - picture('plain.jpg').length)]))).toMatchObject({ format: 'jpeg' });
    expect(refusalOf(Buffer.concat([picture('plain.jpg'), Buffer.alloc(5 * 1024 * 1024)])).status).toBe(413);
    expect(refusalOf(Buffer.alloc(0)).detail).toContain('this is empty');
    expect(refusalOf(Buffer.from('<!DOCTYPE html><p>')).detail).toContain('a page');
    expect(refusalOf(Buffer.from('hello')).status).toBe(415);
  });

  it('may have further pictures behind it, as cameras make them, and nothing else', () => {
    const [first, preview] = [picture('plain.jpg'), picture('rotated.jpg')];
    expect(inspectUpload(Buffer.concat([first, Buffer.alloc(100), preview]))).toMatchObject({ width: 640, height: 480 });
    expect(refusalOf(Buffer.concat([first, preview, Buffer.from('PK\x03\x04')])).status).toBe(400);
  });

  it.each<PictureName>(['plain.jpg', 'plain.webp', 'transparent.png'])('%s that is cut off anywhere is refused, and never read beyond its end', (name) => {
    const whole = picture(name);
    for (let length = 0; length < whole.length; length += Math.max(1, Math.floor(whole.length / 300))) expect(refusalOf(whole.subarray(0, length)).status).toBeGreaterThanOrEqual(400);
    expect(refusalOf(whole.subarray(0, whole.length - 1)).status).toBe(400);
  });

  it.each<PictureName>(['plain.jpg', 'plain.webp', 'transparent.png'])('%s with any byte changed is taken or refused, and nothing else happens', (name) => {
    const whole = picture(name);
    for (let at = 0; at < Math.min(whole.length, 3_000); at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      try {
        inspectUpload(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }
  });
});
