import type { MessagePort } from 'node:worker_threads';
import sharp from 'sharp';
import { MAX_PIXELS, RENDITION_FORMATS, RENDITION_SIZES } from './limits.ts';
import type { Rendition } from './rendition.ts';

// The pool bounds how many decode at once; each does with one thread, and keeps nothing afterwards.
sharp.concurrency(1);
sharp.cache(false);

const LARGEST = Math.max(...RENDITION_SIZES);
// Not a bound of work: on a busy machine pictures wait for everybody else.
const TIMEOUT_SECONDS = 120;
// At effort 2 AVIF takes a fifth of the time of the default, for a few per cent more bytes.
const AVIF = { quality: 50, effort: 2 } as const;
const WEBP = { quality: 75, effort: 3 } as const;

export interface RenderTask {
  readonly original: Uint8Array;
  /** Is told after each rendition how many there are. */
  readonly progress: MessagePort;
}

/** What the thread found; an error that says the picture is at fault travels as text, since classes do not. */
export type RenderOutcome = { readonly renditions: readonly Rendition[]; readonly width: number; readonly height: number } | { readonly fault: string };

/** Decodes a picture once and makes all its renditions; run by the pool in a thread of its own. */
export default async function render({ original, progress }: RenderTask): Promise<RenderOutcome> {
  try {
    const picture = await decode(original);
    const renditions: Rendition[] = [];
    // Largest first: whoever looks at the product's page sees that one.
    for (const size of [...RENDITION_SIZES].reverse()) {
      for (const format of RENDITION_FORMATS) {
        renditions.push(await encode(picture, size, format));
        progress.postMessage(renditions.length);
      }
    }
    const { width, height } = picture.info;
    return { renditions, width, height };
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    return { fault };
  } finally {
    progress.close();
  }
}

type Decoded = { readonly data: Buffer; readonly info: { readonly width: number; readonly height: number; readonly channels: 1 | 2 | 3 | 4 } };

// Into raw pixels of the largest rendition: the original, up to 40 megapixels of it, is held no longer than this takes.
async function decode(original: Uint8Array): Promise<Decoded> {
  return sharp(original, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    .timeout({ seconds: TIMEOUT_SECONDS })
    .autoOrient()
    .resize(LARGEST, LARGEST, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
}

async function encode({ data, info: { width, height, channels } }: Decoded, size: Rendition['size'], format: Rendition['format']): Promise<Rendition> {
  const scaled = sharp(data, { raw: { width, height, channels } }).timeout({ seconds: TIMEOUT_SECONDS }).resize(size, size, { fit: 'inside', withoutEnlargement: true });
  const { data: bytes, info } = await (format === 'avif' ? scaled.avif(AVIF) : scaled.webp(WEBP)).toBuffer({ resolveWithObject: true });
  return { format, size, width: info.width, height: info.height, bytes };
}

// Whatever the decoder says is the picture's fault, save that this machine had no memory or no time for it.
function faultOf(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : String(error);
  if (/memory|timeout/iu.test(text)) return undefined;
  if (/pixel limit/iu.test(text)) return `more than ${MAX_PIXELS / 1e6} megapixels`;
  return 'its pixels cannot be decoded; the file is damaged';
}
