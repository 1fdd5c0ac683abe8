/** A failure whose message is one line that tells a person what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
