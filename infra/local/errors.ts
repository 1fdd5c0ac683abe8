/** A failure that a person can mend: its message is one line that says what happened and what to do. */
export class LocalError extends Error {
  override readonly name: string = 'LocalError';
}

/** A wrong command line: an unknown option, or a value that is none. The command ends with exit code 2. */
export class UsageError extends LocalError {
  override readonly name = 'UsageError';
}
