import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Renderer } from './renderer.ts';
import { PictureError } from './picture-error.ts';
import type { Rendition } from './rendition.ts';

/** What the parent sends. */
export interface RenderRequest {
  readonly id: number;
  readonly original: Uint8Array<ArrayBuffer>;
}

/** What it hears, about the request of this id: how far it is, and how it ended. */
export type RenderReport = { readonly id: number } & (
  | { readonly share: number }
  | { readonly renditions: readonly Rendition[]; readonly width: number; readonly height: number }
  | { readonly fault: string }
  | { readonly error: string }
);

const renderer = new Renderer(Number(process.argv[2]));
const report = (message: RenderReport): void => void process.send?.(message);

process.on('message', ({ id, original }: RenderRequest) => {
  // Bytes that came through a channel may share their memory; what goes to a thread must not.
  renderer.render(Uint8Array.from(original), (share) => report({ id, share })).then(
    (rendered) => report({ id, ...rendered }),
    (error: unknown) => report(error instanceof PictureError ? { id, fault: error.reason } : { id, error: String(error) }),
  );
});
// Whoever asked is gone, also by a kill.
process.on('disconnect', () => process.exit());
stepBack();

// On Linux a priority is a thread's own: those that are there are lowered, later ones take after the one that starts them.
function stepBack(): void {
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0];
  for (const thread of threads) setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
}
