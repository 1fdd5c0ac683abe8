/** What a list shows of a mail. */
export interface MailSummary {
  /** `mal_…`; ids sort by the time of arrival. */
  readonly id: string;
  /** ISO 8601 in UTC: when the mailbox took the mail. */
  readonly receivedAt: string;
  /** Sender and recipients of the SMTP envelope, not of the headers: those decide where a mail goes. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** The Message-ID header with its angle brackets, or an empty string. */
  readonly messageId: string;
  /** Bytes as they came over the wire. */
  readonly size: number;
}

export interface StoredMail extends MailSummary {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly size: number }[];
}

export const summaryOf = (mail: StoredMail): MailSummary => ({
  id: mail.id,
  receivedAt: mail.receivedAt,
  from: mail.from,
  to: mail.to,
  subject: mail.subject,
  messageId: mail.messageId,
  size: mail.size,
});
