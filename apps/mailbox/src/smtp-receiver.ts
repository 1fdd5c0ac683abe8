import type { Readable } from 'node:stream';
import { newId } from '@shopfleet/kernel';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { MailStore } from './mail-store.ts';
import type { StoredMail } from './stored-mail.ts';

/** The largest mail taken, in bytes; announced by the SMTP extension SIZE. */
export const MAX_MAIL_BYTES = 2 * 1024 * 1024;
const MAX_RECIPIENTS = 50;

/** A mistake with the SMTP status a client sees; 4xx asks it to try again, 5xx not to. */
class SmtpError extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** An SMTP server that answers 250 to a mail only after the mail is on the disk. */
export const createSmtpReceiver = (store: MailStore, log: Log): SMTPServer => {
  const server = new SMTPServer({
    name: 'shopfleet-mailbox',
    banner: 'Shopfleet development mailbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    maxClients: 100,
    socketTimeout: 60_000,
    closeTimeout: 2_000,
    logger: false,
    onRcptTo(_address, session, callback) {
      callback(session.envelope.rcptTo.length >= MAX_RECIPIENTS ? new SmtpError(452, 'Too many recipients; send the mail in parts') : null);
    },
    onData(stream, session, callback) {
      const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      receive(stream)
        .then((raw) => parseMail(raw, from, to))
        .then(async (mail) => {
          await store.append(mail);
          log.info({ mailId: mail.id, messageId: mail.messageId, recipients: mail.to.length, size: mail.size }, 'mail taken');
          callback(null, `taken as ${mail.id}`);
        })
        .catch((error: unknown) => {
          if (error instanceof SmtpError) {
            callback(error);
            return;
          }
          if (isHangUp(error)) {
            log.info({ from }, 'the sender hung up in the middle of a mail; nothing was taken');
            callback(error);
            return;
          }
          log.error({ err: error }, 'a mail could not be written; the sender is asked to try again');
          callback(new SmtpError(452, 'The mailbox cannot write to its disk now; try again later'));
        });
    },
  });
  // A client that hangs up in the middle is its own affair; without a listener it would end the process.
  server.on('error', (error: Error) => log.error({ err: error }, 'smtp connection failed'));
  return server;
};

const isHangUp = (error: unknown): error is Error => error instanceof Error && 'code' in error && error.code === 'ECONNECTION';

const receive = async (stream: Readable & { sizeExceeded?: boolean }): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Past the limit the rest is read and dropped: the client listens only after it has sent all.
    if (size <= MAX_MAIL_BYTES) chunks.push(chunk);
  }
  if (size > MAX_MAIL_BYTES || stream.sizeExceeded === true) {
    throw new SmtpError(552, `The mail is larger than ${String(MAX_MAIL_BYTES)} bytes`);
  }
  return Buffer.concat(chunks);
};

/** Parses a mail as it came over the wire. One that cannot be parsed is kept as plain text: a mailbox loses nothing. */
export const parseMail = async (raw: Buffer, from: string, to: readonly string[]): Promise<StoredMail> => {
  const email = await PostalMime.parse(raw).catch((): Email | undefined => undefined);
  return {
    id: newId('mal'),
    receivedAt: new Date().toISOString(),
    from,
    to,
    subject: email?.subject ?? '',
    messageId: email?.messageId ?? '',
    size: raw.length,
    headers: (email?.headers ?? []).map(({ key, value }) => ({ name: key, value })),
    text: email === undefined ? raw.toString('utf8') : (email.text ?? ''),
    html: email?.html ?? '',
    attachments: (email?.attachments ?? []).map((attachment) => ({
      name: attachment.filename ?? 'unnamed',
      type: attachment.mimeType,
      size: typeof attachment.content === 'string' ? attachment.content.length : attachment.content.byteLength,
    })),
  };
};
