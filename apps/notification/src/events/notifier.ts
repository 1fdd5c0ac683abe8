import { Injectable } from '@nestjs/common';
import type { Contact, Envelope } from '@shopfleet/contracts';
import type { Role } from '@shopfleet/identity';
import { carriedContext, type CarriedContext } from '@shopfleet/jobs';
import { newId } from '@shopfleet/kernel';
import { onCommit, type ClientSession } from '@shopfleet/mongo';
import { Inbox } from '@shopfleet/outbox';
import type { Audience } from '../inbox/notification.schema.ts';
import { NotificationsRepository } from '../inbox/notifications.repository.ts';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.ts';
import { LiveNotifications } from '../streams/live-notifications.ts';
import { PreferencesRepository, type Choices } from '../preferences/preferences.repository.ts';
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

// Tellings of customers ask the database up to three times each, one after the other: so many also fit into a transaction's time when it is slow.
const tellingsTogether = 40;
// Nobody waits for a mail by the millisecond, and the more are written at once the less each costs.
const companyMs = 50;

/** An event, and how its rows are written. */
interface Telling {
  readonly id: string;
  readonly type: string;
  /** Resolves with the mail that is to be sent, if one is. */
  readonly write: (session: ClientSession) => Promise<Mail | undefined>;
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
    queue: MailQueue,
    private readonly preferences: PreferencesRepository,
    private readonly subscriptions: PushSubscriptionsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly push: PushWriter,
    private readonly live: LiveNotifications,
  ) {
    this.writeInTurn = inbox.gather('notification', async (tellings: readonly Telling[], session) => {
      const mails: Mail[] = [];
      for (const { write, context } of tellings) {
        const mail = await write(session);
        if (mail === undefined) continue;
        mails.push(mail);
        onCommit(session, () => queue.announce({ id: mail._id, context }));
      }
      await this.mails.recordAll(mails, session);
      return [];
    }, { most: tellingsTogether, lingerMs: companyMs });
  }

  /**
   * Resolves when the rows are committed, or when an earlier delivery of the event has committed them.
   *
   * @param besides what else is recorded in the same transaction
   */
  async tell<D>(
    event: Cause,
    kind: Kind<D>,
    data: NoInfer<D>,
    recipient: Recipient,
    besides: (session: ClientSession) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await this.writeInTurn({ id: event.id, type: event.type, context: carriedContext(), write: async (session) => {
      const choices = recipient.userId === undefined || recipient.role !== undefined ? {} : await this.preferences.choicesOf(recipient.userId, session);
      await this.recordNotice(event, kind, data, recipient, choices, session);
      await besides(session);
      return isWanted(kind as Kind, 'email', choices) ? mailOf(event, kind, data, recipient) : undefined;
    } });
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

  private async recordNotice<D>(event: Cause, kind: Kind<D>, data: D, recipient: Recipient, choices: Choices, session: ClientSession): Promise<void> {
    const audience = audienceOf(recipient);
    const notice = kind.notice?.(data, localeOf(recipient.contact?.locale ?? 'en'));
    if (audience === undefined || notice === undefined) return;
    const now = new Date();
    const notification = {
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
    if (recipient.userId !== undefined && recipient.role === undefined && isWanted(kind as Kind, 'push', choices)) {
      await this.push.record(recipient.userId, notification, session);
    }
    if (!isWanted(kind as Kind, 'inbox', choices)) return;
    const recorded = await this.notifications.record(notification, session);
    onCommit(session, () => this.live.announce(recorded));
  }
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
