import { Injectable } from '@nestjs/common';
import type { Contact, Envelope } from '@shopfleet/contracts';
import type { Role } from '@shopfleet/identity';
import { carriedContext, type CarriedContext } from '@shopfleet/jobs';
import { newId } from '@shopfleet/kernel';
import { onCommit, type ClientSession } from '@shopfleet/mongo';
import { Inbox } from '@shopfleet/outbox';
import type { Audience } from '../inbox/notification.schema.ts';
import { NotificationsRepository, type NewNotification } from '../inbox/notifications.repository.ts';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.ts';
import { LiveNotifications } from '../streams/live-notifications.ts';
import type { Channel } from '../preferences/channels.ts';
import { PreferencesRepository } from '../preferences/preferences.repository.ts';
import { isWanted } from '../preferences/wanted.ts';
import { PushSubscriptionsRepository } from '../push/push-subscriptions.repository.ts';
import { PushWriter } from './push-writer.ts';
import type { Kind } from '../mail/kinds/kind.ts';
import { localeOf } from '../mail/locale.ts';
import { MailQueue } from '../mail/mail-queue.ts';
import type { Mail } from '../mail/mail.schema.ts';
import { MailsRepository, nextRoundAt } from '../mail/mails.repository.ts';

/** Whom to tell. A guest has no list and gets the mail only; staff are reached by their role, and by a mailbox where there is one. */
export interface Recipient {
  readonly userId?: string | undefined;
  readonly contact?: Contact;
  readonly role?: Role;
}

/** What people are told of, by its identity: an event, or an alert from outside. */
export type Cause = Pick<Envelope, 'id' | 'type'>;

const day = 24 * 60 * 60 * 1_000;
const keptFor = { person: 365 * day, role: 30 * day, mail: 90 * day };

const tellingsTogether = 100;
// Nobody waits for a mail by the millisecond, and the more are written at once the less each costs.
const companyMs = 250;

/** An event, and all that it may lead to; the recipient's choices decide what of it is written. */
interface Telling extends Cause {
  readonly kind: Kind;
  /** The person whose choices count; nobody's for staff and guests. */
  readonly person: string | undefined;
  readonly notice: NewNotification | undefined;
  readonly mail: Mail | undefined;
  readonly besides: ((session: ClientSession) => Promise<void>) | undefined;
  /** The request that the event came of; the transaction has several. */
  readonly context: CarriedContext | undefined;
}

/** Turns an event into the rows that tell people of it: all of them, once, in one transaction with the inbox. */
@Injectable()
export class Notifier {
  private readonly writeInTurn: (telling: Telling) => Promise<void>;

  constructor(
    private readonly inbox: Inbox,
    private readonly notifications: NotificationsRepository,
    private readonly mails: MailsRepository,
    private readonly queue: MailQueue,
    private readonly preferences: PreferencesRepository,
    private readonly subscriptions: PushSubscriptionsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly push: PushWriter,
    private readonly live: LiveNotifications,
  ) {
    this.writeInTurn = inbox.gather('notification', (tellings: readonly Telling[], session) => this.write(tellings, session), { most: tellingsTogether, lingerMs: companyMs });
  }

  /**
   * Resolves when the rows are committed, or when an earlier delivery of the event has committed them; at once where nobody is to be told.
   *
   * @param besides what else is recorded in the same transaction
   */
  async tell<D>(
    event: Cause,
    kind: Kind<D>,
    data: NoInfer<D>,
    recipient: Recipient,
    besides?: (session: ClientSession) => Promise<void>,
  ): Promise<void> {
    const [notice, mail] = [noticeOf(event, kind, data, recipient), mailOf(event, kind, data, recipient)];
    // A guest's order that was placed: it is confirmed by mail when it is paid, and a guest has no list.
    if (notice === undefined && mail === undefined && besides === undefined) return;
    await this.writeInTurn({
      id: event.id,
      type: event.type,
      kind: kind as Kind,
      person: recipient.role === undefined ? recipient.userId : undefined,
      notice,
      mail,
      besides,
      context: carriedContext(),
    });
  }

  /** Forgets all that was written to a person. */
  async erase(event: Envelope, userId: string): Promise<void> {
    await this.inbox.once('notification', event, async (session) => {
      await this.notifications.eraseOf(userId, session);
      await this.mails.eraseOf(userId, session);
      await this.preferences.eraseOf(userId, session);
      await this.subscriptions.eraseOf(userId, session);
      await this.deliveries.eraseOf(`user:${userId}`, session);
    });
  }

  // As many requests for forty events as for one.
  private async write(tellings: readonly Telling[], session: ClientSession): Promise<never[]> {
    const choices = await this.preferences.choicesOf(tellings.flatMap(({ person }) => person ?? []), session);
    const wanted = (channel: Channel): readonly Telling[] => tellings.filter(({ kind, person }) => isWanted(kind, channel, choices.get(person ?? '') ?? {}));

    await this.push.recordAll(wanted('push').flatMap(({ person, notice }) => (person === undefined || notice === undefined ? [] : { userId: person, notice })), session);
    for (const recorded of await this.notifications.recordAll(wanted('inbox').flatMap(({ notice }) => notice ?? []), session)) {
      onCommit(session, () => this.live.announce(recorded));
    }
    for (const { besides } of tellings) await besides?.(session);
    const mailed = wanted('email').flatMap(({ mail, context }) => (mail === undefined ? [] : { mail, context }));
    await this.mails.recordAll(mailed.map(({ mail }) => mail), session);
    for (const { mail, context } of mailed) onCommit(session, () => this.queue.announce({ id: mail._id, context }));
    return [];
  }
}

function noticeOf<D>(event: Cause, kind: Kind<D>, data: D, recipient: Recipient): NewNotification | undefined {
  const audience = audienceOf(recipient);
  const notice = kind.notice?.(data, localeOf(recipient.contact?.locale ?? 'en'));
  if (audience === undefined || notice === undefined) return undefined;
  const now = new Date();
  return {
    _id: newId('ntf'),
    audience,
    kind: kind.name,
    ...notice,
    eventId: event.id,
    createdAt: now,
    unread: true,
    readBy: [],
    expiresAt: new Date(now.getTime() + (recipient.role === undefined ? keptFor.person : keptFor.role)),
  };
}

function mailOf<D>(event: Cause, kind: Kind<D>, data: D, { contact, userId }: Recipient): Mail | undefined {
  if (contact === undefined || kind.mail === undefined) return undefined;
  const now = new Date();
  const unique = `${event.id.replace(/^evt_/u, '')}.${kind.name}`;
  return {
    _id: `mal_${unique}`,
    kind: kind.name,
    to: contact.email,
    ...(userId !== undefined && { userId }),
    locale: localeOf(contact.locale),
    data,
    messageId: `<${unique}@notification.shopfleet>`,
    state: 'pending',
    round: 0,
    attempts: 0,
    nextRoundAt: nextRoundAt(0, now),
    claimedUntil: new Date(0),
    createdAt: now,
    expiresAt: new Date(now.getTime() + keptFor.mail),
  };
}

function audienceOf({ userId, role }: Recipient): Audience | undefined {
  if (role !== undefined) return `role:${role}`;
  return userId === undefined ? undefined : `user:${userId}`;
}
