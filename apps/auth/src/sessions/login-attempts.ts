import { Injectable } from '@nestjs/common';
import { createEvent, userLocked } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { FailureLimiter, type AdmittedAttempt } from '@shopfleet/rate-limit';
import type { Account } from '../accounts/domain/account.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Client } from '../client.ts';
import { MailTokens } from '../tokens/mail-tokens.ts';

/** Bounds guessing of passwords, per address and per account. */
@Injectable()
export class LoginAttempts {
  constructor(
    private readonly failures: FailureLimiter,
    private readonly transactions: Transactions,
    private readonly mailTokens: MailTokens,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Runs one check of a password and counts it if it says no. What fails for another reason does not count.
   * @param account undefined where nobody has that address: it is counted alike
   * @throws AppError `rate-limited` after too many failures; what `check` throws
   */
  async guard(email: string, account: Account | undefined, client: Client, check: () => Promise<boolean>): Promise<boolean> {
    // A password reset makes a new version of the account and with it a new count: whoever can read the mail gets in,
    // however hard somebody else tries to keep the account locked.
    const counted = account === undefined ? email : `${email}#${account.version}`;
    const attempt = await this.failures.admit({ kind: 'login', address: client.ip, account: counted });
    let matches: boolean;
    try {
      matches = await check();
    } catch (error) {
      if (error instanceof AppError) await attempt.succeed();
      throw error;
    }
    if (matches) await attempt.succeed();
    else if (attempt.isLastOfAccount && account !== undefined) await this.lock(account, attempt, client);
    return matches;
  }

  private async lock({ _id, email, locale }: Account, { accountFreeAt }: AdmittedAttempt, client: Client): Promise<void> {
    await this.transactions.run(async (session) => {
      const token = await this.mailTokens.issue('reset-password', _id, new Date(), session);
      const data = { userId: _id, contact: { email, locale }, until: accountFreeAt.toISOString(), tokenRef: token._id };
      await this.outbox.append(session, [createEvent(userLocked, { source: 'auth', subject: _id, data })]);
      await this.audit.record({ action: 'account.lock', actor: 'system', target: _id, client }, session);
    });
  }
}
