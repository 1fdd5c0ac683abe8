import { LocalError } from '@shopfleet/local';

/** Something the person who seeds can put right; the message says how. */
export class SeedError extends LocalError {
  override readonly name = 'SeedError';
}
