import { Injectable, Logger } from '@nestjs/common';
import { createEvent, notificationFailed } from '@shopfleet/contracts';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { bulkhead } from 'cockatiel';
import { MailPointless, MailWriter } from './mail-writer.ts';
import type { Mail } from './mail.schema.ts';
import { MailsRepository } from './mails.repository.ts';
import { MailRefused, smtpConnections, SmtpSender } from './smtp.sender.ts';

// A mail server that has been away for a day needs a person; what is older is of no use to its reader either.
const triedForMs = 24 * 60 * 60 * 1_000;

/** Sends one mail: nobody else sends it meanwhile, and what went wrong is on its row. */
@Injectable()
export class MailDelivery {
  private readonly logger = new Logger(MailDelivery.name);
  // A mail that waited for a connection while it is claimed could be claimed by another worker before it is sent.
  private readonly gate = bulkhead(smtpConnections, Number.MAX_SAFE_INTEGER);

  constructor(
    private readonly mails: MailsRepository,
    private readonly writer: MailWriter,
    private readonly sender: SmtpSender,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
  ) {}

  /** @throws Error when another try may succeed */
  async deliver(mailId: string): Promise<void> {
    await this.gate.execute(() => this.deliverNow(mailId));
  }

  private async deliverNow(mailId: string): Promise<void> {
    const mail = await this.mails.claim(mailId);
    if (mail === undefined) return;
    try {
      const written = await this.writer.write(mail);
      await this.sender.send({ ...written, to: mail.to, messageId: mail.messageId, kind: mail.kind });
    } catch (error) {
      await this.afterFailure(mail, error);
      return;
    }
    await this.mails.markSent(mailId);
    this.logger.log(`${mail.kind} mail ${mailId} was sent`);
  }

  private async afterFailure(mail: Mail, error: unknown): Promise<void> {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    const tooOld = Date.now() - mail.createdAt.getTime() > triedForMs;
    if (!(error instanceof MailRefused) && !(error instanceof MailPointless) && !tooOld) {
      await this.mails.release(mail._id, reason);
      throw error;
    }
    await this.giveUp(mail, reason);
  }

  private async giveUp({ _id, kind, userId }: Mail, reason: string): Promise<void> {
    this.logger.warn(`${kind} mail ${_id} will not be sent: ${reason}`);
    await this.transactions.run(async (session) => {
      if (!(await this.mails.markFailed(_id, reason, session))) return;
      const data = { notificationId: _id, channel: 'email' as const, kind, reason, ...(userId !== undefined && { userId }) };
      await this.outbox.append(session, [createEvent(notificationFailed, { source: 'notification', subject: _id, data })]);
    });
  }
}
