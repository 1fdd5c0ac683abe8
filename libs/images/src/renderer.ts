import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { decodesAtOnce, RENDITION_FORMATS, RENDITION_SIZES } from './limits.ts';
import { PictureError } from './picture-error.ts';
import type { RenderOutcome, RenderTask } from './render.worker.ts';
import type { Rendition } from './rendition.ts';

// The compiled thread beside the compiled library, the source beside the source.
const worker = fileURLToPath(new URL(`render.worker${extname(import.meta.url)}`, import.meta.url));
const total = RENDITION_SIZES.length * RENDITION_FORMATS.length;

/**
 * Makes renditions in threads of its own. They start with the first picture and end half a minute after the last, so that
 * a worker which has no pictures to do pays nothing for them.
 *
 * @example
 * const { renditions } = await renderer.render(original, (share) => job.progress(share));
 */
export class Renderer {
  private readonly pool: Piscina<RenderTask, RenderOutcome>;

  /** @param threads pictures at once in this process; whoever has several processes bounds them together */
  constructor(threads = decodesAtOnce()) {
    this.pool = new Piscina({ filename: worker, minThreads: 0, maxThreads: threads, maxQueue: threads * 2, idleTimeout: 30_000, resourceLimits: { maxOldGenerationSizeMb: 64 } });
  }

  /**
   * All renditions of a picture; its bytes are handed to the thread and are gone from here.
   * @param onProgress gets the share that is done, 0 to 1
   * @throws PictureError when the picture is at fault
   */
  async render(original: Uint8Array<ArrayBuffer>, onProgress: (share: number) => void = () => undefined): Promise<{ renditions: readonly Rendition[]; width: number; height: number }> {
    const { port1: here, port2: there } = new MessageChannel();
    here.on('message', (done: number) => onProgress(done / total));
    try {
      const outcome = await this.pool.run({ original, progress: there }, { transferList: [original.buffer, there] });
      if ('fault' in outcome) throw new PictureError(outcome.fault);
      return outcome;
    } finally {
      here.close();
    }
  }

  /** Ends the threads, once what they have in hand is done. */
  async close(): Promise<void> {
    await this.pool.close();
  }
}
