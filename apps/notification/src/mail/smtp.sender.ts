import type { OnApplicationShutdown } from '@nestjs/common';
import { traced } from '@shopfleet/tracing';
import { createTransport, type Transporter } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { RenderedMail } from './render-mail.ts';

/** A mail that the server will never take, such as one to a mailbox that does not exist. Trying again is useless. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

export interface OutgoingMail extends RenderedMail {
  readonly to: string;
  readonly messageId: string;
  readonly kind: string;
}

// Their sum stays below the claim of mails.repository.ts.
const connectionTimeoutMs = 5_000;
const greetingTimeoutMs = 5_000;
const socketTimeoutMs = 10_000;

/** Connections kept open to the mail server, and so the mails that are on their way at the same time. */
export const smtpConnections = 10;

/** Sends mails by SMTP over a few kept-open connections. */
export class SmtpSender implements OnApplicationShutdown {
  private readonly transport: Transporter;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    const server = new URL(url);
    this.transport = createTransport({
      host: server.hostname.replace(/^\[|\]$/gu, ''),
      port: server.port === '' ? (server.protocol === 'smtps:' ? 465 : 587) : Number(server.port),
      secure: server.protocol === 'smtps:',
      ...(server.username !== '' && { auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) } }),
      pool: true,
      maxConnections: smtpConnections,
      maxMessages: 500,
      connectionTimeout: connectionTimeoutMs,
      greetingTimeout: greetingTimeoutMs,
      socketTimeout: socketTimeoutMs,
    });
  }

  /**
   * Resolves when the server has taken the mail.
   * @throws MailRefused when it never will; any other error when it may at the next try
   */
  async send(mail: OutgoingMail): Promise<void> {
    try {
      await traced('smtp send', { kind: 'client', attributes: { 'shopfleet.mail.kind': mail.kind } }, async () => {
        // Written in one piece: streamed, each part of a mail is a packet of its own, and wakes the mail server up for itself.
        const message = this.compose(mail);
        await this.transport.sendMail({ envelope: message.getEnvelope(), raw: await message.build() });
      });
    } catch (error) {
      const status = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
      // 530, 534, 535 and 538 are about our own login: the mail is not to blame and waits for the operator.
      const ours = typeof status === 'number' && status >= 530 && status <= 538;
      if (typeof status === 'number' && status >= 500 && !ours) {
        throw new MailRefused(`the mail server refused it: ${error instanceof Error ? error.message : status}`, { cause: error });
      }
      throw error;
    }
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }

  private compose(mail: OutgoingMail): ReturnType<MailComposer['compile']> {
    return new MailComposer({
      from: this.from,
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: mail.messageId,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Shopfleet-Kind': mail.kind },
      // Mails are made of our own text; nothing in them may make the sender read a file or fetch a URL.
      disableFileAccess: true,
      disableUrlAccess: true,
    }).compile();
  }
}
