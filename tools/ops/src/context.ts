import type { MongoClient } from 'mongodb';
import type { Surroundings } from './surroundings.ts';

/** What every command works with. */
export interface Context {
  readonly surroundings: Surroundings;
  readonly mongo: MongoClient;
  readonly print: (line: string) => void;
  readonly audit: (action: string, target: string, details: Readonly<Record<string, unknown>>) => Promise<void>;
}
