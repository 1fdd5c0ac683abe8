import type { WriteStream } from 'node:tty';

const BAR_WIDTH = 28;
const REDRAW_MS = 80;

/** Shows how far the load is: one line that is redrawn on a terminal, one line per finished step elsewhere. */
export class Progress {
  readonly #total: number;
  readonly #out: WriteStream;
  readonly #began = Date.now();
  #done = 0;
  #drawnAt = 0;

  constructor(total: number, out: WriteStream) {
    this.#total = total;
    this.#out = out;
  }

  advance(step: string, documents: number): void {
    this.#done += documents;
    const now = Date.now();
    if (!this.#out.isTTY || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#draw(step);
  }

  /** A step is finished. */
  note(step: string, documents: number): void {
    const line = `${documents.toLocaleString('en')} ${step}`;
    if (this.#out.isTTY) this.#draw(step);
    else this.#out.write(`  ${line}\n`);
  }

  end(message: string): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
    this.#out.write(`${message} (${((Date.now() - this.#began) / 1_000).toFixed(1)} s)\n`);
  }

  #draw(step: string): void {
    const share = Math.min(1, this.#done / this.#total);
    const filled = Math.round(share * BAR_WIDTH);
    this.#out.write(`\r\u001b[K[${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}] ${String(Math.round(share * 100)).padStart(3)} %  ${step}`);
  }
}
