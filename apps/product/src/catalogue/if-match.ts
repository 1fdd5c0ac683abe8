import { AppError } from '@shopfleet/kernel';

/**
 * The version that a client has read, from the ETag it sends back: `"v12"` and `"v12-5kQ…"` both name version 12. A weak
 * tag counts too: nginx weakens it when it unpacks the answer, and the version in it is exact all the same.
 * @throws AppError precondition-required without the header, precondition-failed when it is no tag of a `thing`
 */
export function versionOf(ifMatch: string | undefined, thing: 'category' | 'deal' | 'product'): number {
  if (ifMatch === undefined) {
    throw new AppError('precondition-required', { detail: `Send If-Match with the ETag of the ${thing} as you have read it, so that nobody’s change is overwritten.` });
  }
  const version = /^\s*(?:W\/)?"v(?<version>\d{1,9})(?:-[\w-]+)?"\s*$/u.exec(ifMatch)?.groups?.['version'];
  if (version === undefined) throw new AppError('precondition-failed', { detail: `If-Match is not an ETag of this ${thing}; read the ${thing} again and send its ETag.` });
  return Number(version);
}
