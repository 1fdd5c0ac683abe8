import type { Stage } from './stage.ts';

/** One fault, on purpose, in a shop that is open. */
export interface GameDay {
  readonly name: string;
  /** One line for the list. */
  readonly what: string;
  /** Breaks, waits, mends, judges; the crowd is in the shop, the books are checked afterwards. */
  play(stage: Stage): Promise<void>;
}
