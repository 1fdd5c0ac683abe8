import type { z } from 'zod';
import type { Channel } from '../../preferences/channels.ts';
import type { Locale } from '../locale.ts';
import type { MailContent } from '../mail-content.ts';

/** What a kind needs besides its data to write a mail. */
export interface MailContext {
  readonly locale: Locale;
  /** Where shoppers reach the shop, without a slash at its end. */
  readonly shopUrl: string;
  /** The one-use token of kinds that name a `tokenRef`; fetched for this mail and kept nowhere. */
  readonly token: string;
}

/** What stands in a person's list of notifications. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  /** Where to look, as a path of the API or a page of the shop. */
  readonly link?: string;
}

/** One kind of message: the data it needs, and how it reads as a mail and as a notification. */
export interface Kind<D = unknown> {
  /** Stable; stands in the database and in a mail's Message-ID. */
  readonly name: string;
  readonly data: z.ZodType<D>;
  /** True: what secures the account; mail and list cannot be turned off. */
  readonly mandatory?: boolean;
  /** True: for people who work here; nothing that a customer chooses about. */
  readonly forStaff?: boolean;
  /** Channels that are off, or on, unless a person chose; on where absent. */
  readonly byDefault?: Readonly<Partial<Record<Channel, boolean>>>;
  mail?(data: D, context: MailContext): MailContent;
  notice?(data: D, locale: Locale): Notice;
  /** The reference under which auth hands out the token that the mail contains. */
  tokenRef?(data: D): string;
}

/** Ties the parts of a kind together, so that its functions get the type of its data. */
export function defineKind<D>(kind: Kind<D>): Kind<D> {
  return kind;
}
