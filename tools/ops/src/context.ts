import type { MongoClient } from 'mongodb';
import type { Surroundings } from './surroundings.ts';

/** What every command works with. */
export interface Context {
  readonly surroundings: Surroundings;
  readonly mongo: MongoClient;
  /** Who types the command, as the audit log names them. */
  readonly actor: string;
  readonly print: (line: string) => void;
  readonly audit: (action: string, target: string, details: Readonly<Record<string, unknown>>) => Promise<void>;
}
