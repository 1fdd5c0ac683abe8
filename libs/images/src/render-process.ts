import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodesAtOnce } from './limits.ts';
import { PictureError } from './picture-error.ts';
import type { RenderReport, RenderRequest } from './render.child.ts';
import type { Rendition } from './rendition.ts';

const IDLE_MS = 30_000;

// The compiled child beside the compiled library, the source beside the source.
const entry = fileURLToPath(new URL(`render.child${extname(import.meta.url)}`, import.meta.url));

export interface Rendered {
  readonly renditions: readonly Rendition[];
  /** Of the picture as it was decoded, at most the largest rendition. */
  readonly width: number;
  readonly height: number;
}

interface Waiting {
  readonly resolve: (rendered: Rendered) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: (share: number) => void;
}

/**
 * The threads of a `Renderer` in a process of low priority: whoever waits for an answer goes first, also where all
 * cores are busy, and whatever a decoder does, it does to that process. It starts with the first picture, ends half a minute after the last
 * and with whoever started it, and knows nothing of the environment.
 *
 * @example
 * const { renditions } = await process.render(original, (share) => job.progress(share));
 */
export class RenderProcess {
  private child: ChildProcess | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /** @param threads pictures at once in this process; whoever has several processes bounds them together */
  constructor(private readonly threads = decodesAtOnce()) {}

  /** Its number while there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * All renditions of a picture.
   * @param onProgress gets the share that is done, 0 to 1
   * @throws PictureError when the picture is at fault; Error when the process ended, and it may be tried again
   */
  async render(original: Uint8Array<ArrayBuffer>, onProgress: (share: number) => void = () => undefined): Promise<Rendered> {
    clearTimeout(this.idle);
    const child = (this.child ??= this.start());
    const id = (this.lastId += 1);
    const { promise, resolve, reject } = Promise.withResolvers<Rendered>();
    this.waiting.set(id, { resolve, reject, onProgress });
    child.send({ id, original } satisfies RenderRequest, (error) => error && reject(error));
    try {
      return await promise;
    } finally {
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.idle = setTimeout(() => this.close(), IDLE_MS).unref();
    }
  }

  /** Ends the process; what it had in hand is rejected. */
  close(): void {
    clearTimeout(this.idle);
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private start(): ChildProcess {
    const child = fork(entry, [String(this.threads)], { serialization: 'advanced', execArgv: ['--max-old-space-size=96'], env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.on('message', (report: RenderReport) => this.hear(report));
    const ended = (why: string): void => {
      if (this.child === child) this.child = undefined;
      for (const { reject } of this.waiting.values()) reject(new Error(`the process that renders pictures ended: ${why}`));
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code, signal) => ended(signal ?? `code ${code}`));
    return child;
  }

  private hear(report: RenderReport): void {
    const waiting = this.waiting.get(report.id);
    if (waiting === undefined) return;
    if ('share' in report) waiting.onProgress(report.share);
    else if ('fault' in report) waiting.reject(new PictureError(report.fault));
    else if ('error' in report) waiting.reject(new Error(report.error));
    else waiting.resolve(report);
  }
}
