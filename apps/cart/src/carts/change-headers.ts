import { AppError } from '@shopfleet/kernel';

/** The version in an If-Match header; undefined where any version will do. A text that is no ETag of ours never matches. */
export function expectedVersionOf(ifMatch: string | undefined): string | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return /^(?:W\/)?"(?<version>\d+)"$/u.exec(ifMatch.trim())?.groups?.['version'] ?? 'none';
}

/** @throws AppError `validation-failed` for a key that is too long to keep. */
export function idempotencyKeyOf(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,255}$/u.test(header)) return header;
  throw new AppError('validation-failed', {
    detail: 'An Idempotency-Key has 1 to 255 visible ASCII characters, for example a UUID.',
    errors: [{ pointer: '/headers/idempotency-key', message: 'must have 1 to 255 visible ASCII characters' }],
  });
}
