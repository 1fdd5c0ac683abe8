import { AppError } from '@shopfleet/kernel';

/**
 * Compares an If-Match header with the version of a thing.
 * @throws AppError `precondition-failed` when somebody has changed it since the client read it
 */
export function assertVersion({ version }: { readonly version: number }, ifMatch: string): void {
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//u, ''));
  if (tags.includes('*') || tags.includes(`"${version}"`)) return;
  throw new AppError('precondition-failed', { detail: `It has been changed meanwhile (now "${version}"). Read it again and repeat the change.` });
}

/** @throws AppError `precondition-required` without the header */
export function requireIfMatch(ifMatch: string | undefined): string {
  if (ifMatch !== undefined) return ifMatch;
  throw new AppError('precondition-required', { detail: 'Send the ETag that you read as If-Match, so that no change of somebody else is lost.' });
}
