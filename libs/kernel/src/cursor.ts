import { AppError } from './app-error.ts';

/** The sort keys of the last row of a page. */
export type CursorValues = readonly (string | number)[];

/** An opaque text that `decodeCursor` turns back into the same values. */
export function encodeCursor(values: CursorValues): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * Reads a cursor that a client sent.
 * @param length how many values the list's sort order has
 * @throws AppError `validation-failed` when the text is not a cursor of this list
 */
export function decodeCursor(text: string, length: number): CursorValues {
  const values = parse(text);
  if (Array.isArray(values) && values.length === length && values.every((value) => typeof value === 'string' || typeof value === 'number')) return values;
  throw new AppError('validation-failed', {
    detail: 'The cursor is not one that this list gave out; start again without it.',
    errors: [{ pointer: '/cursor', message: 'not a cursor of this list' }],
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
