/** A picture that cannot be used, however often one tries; the reason is for the person who sent it. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly reason: string;

  // No parameter property: a process of its own runs this source as it is, with its types stripped.
  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}
