import { readJson, writePrivate } from './servers/files.ts';
import { dataPath, type Instance } from './instance.ts';

/** What an operator asked for beyond the usual: outlives restarts, until it is taken back. */
export interface Wishes {
  /** Workers by PM2 name. */
  readonly workers: Readonly<Record<string, number>>;
  /** Black Friday: more workers, answers kept for 30 minutes. */
  readonly peak: boolean;
}

const wishesFile = (instance: Instance): string => dataPath(instance, 'run', 'wishes.json');

export function readWishes(instance: Instance): Wishes {
  return { workers: {}, peak: false, ...readJson<Partial<Wishes>>(wishesFile(instance)) };
}

export function writeWishes(instance: Instance, wishes: Wishes): void {
  writePrivate(wishesFile(instance), JSON.stringify(wishes));
}
