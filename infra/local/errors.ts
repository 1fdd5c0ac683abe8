/** A failure that a person can mend: its message is one line that says what happened and what to do. */
export class LocalError extends Error {
  override readonly name = 'LocalError';
}
