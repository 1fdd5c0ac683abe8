/** Something the person who seeds can put right; the message says how. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}
