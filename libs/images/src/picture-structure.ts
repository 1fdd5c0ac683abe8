/** What a file's own structure says of the picture, without decoding a single pixel. */
export interface PictureStructure {
  readonly format: 'jpeg' | 'png' | 'webp';
  readonly width: number;
  readonly height: number;
  readonly animated: boolean;
}

/** The file ends before the picture does. */
export class Truncated extends Error {
  override readonly name = 'Truncated';
}

/** Something stands where the format has no place for it: after the picture, or between its parts. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}
