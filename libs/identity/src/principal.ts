import { AppError } from '@shopfleet/kernel';
import { mayActAs, type Role } from './roles.ts';

/** Who sends a request, as the verified access token says. */
export interface Principal {
  /** `usr_…` */
  readonly userId: string;
  readonly roles: readonly Role[];
  /** `ses_…`: the login that the token came from. */
  readonly sessionId: string;
  readonly email?: string;
  /** The language of the account, such as `de-AT`; absent in tokens of earlier versions. */
  readonly locale?: string;
  /** The marketplace partner whose goods this person may see and change. */
  readonly partnerId?: string;
}

/**
 * Whose goods somebody may see and change: `undefined` means everybody's (staff), a partner's id means theirs only.
 * @throws AppError `forbidden` for a partner owner whose account belongs to no partner
 */
export function partnerScope(principal: Principal): string | undefined {
  if (mayActAs(principal.roles, ['employee'])) return undefined;
  if (principal.partnerId !== undefined) return principal.partnerId;
  throw new AppError('forbidden', { detail: 'Your account belongs to no partner; ask the shop to connect it.' });
}
