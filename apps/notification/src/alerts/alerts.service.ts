import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Notifier, type Recipient } from '../events/notifier.ts';
import { opsAlert } from '../mail/kinds/ops-alert.ts';
import { MerchantEvents } from '../webhooks/merchant-events.ts';
import type { AlertIn } from './alerts.controller.ts';
import { escalationOf } from './escalation.ts';

/** Who hears of alerts, beside every admin: mailboxes; empty for none. */
export interface AlertMailboxes {
  readonly alerts: string;
  /** Of what stays longest (level 3). */
  readonly escalation: string;
}

/**
 * Tells operations of an alert: in the list of every admin, by mail and by webhook. While it stays it is told again at
 * level 2 and level 3, the last one to a further mailbox as well. Alertmanager posts an alert again and again while it
 * fires; each level is told once.
 */
@Injectable()
export class AlertsService {
  constructor(
    private readonly notifier: Notifier,
    private readonly webhooks: MerchantEvents,
    private readonly mailboxes: AlertMailboxes,
  ) {}

  async tell({ status, labels, annotations, startsAt, fingerprint }: AlertIn, now = new Date()): Promise<void> {
    const severity = labels['severity'];
    const level = escalationOf(severity, new Date(startsAt), now);
    const data = { name: labels['alertname'] ?? 'alert', status, severity: severity ?? 'unknown', summary: annotations['summary'] ?? annotations['description'] ?? '', since: startsAt, level };
    // The same alert posted again is the same cause.
    const id = `evt_${createHash('sha256').update(`${fingerprint}\n${status}\n${startsAt}\n${level}`).digest('hex').slice(0, 32)}`;
    await this.notifier.tell({ id, type: 'ops.alert' }, opsAlert, data, { role: 'admin', ...mailTo(this.mailboxes.alerts) }, (session) => this.webhooks.alert(id, { ...data, labels }, session));
    const { alerts, escalation } = this.mailboxes;
    if (level === 3 && escalation !== '' && escalation !== alerts) await this.notifier.tell({ id: `${id}_3`, type: 'ops.alert' }, opsAlert, data, mailTo(escalation));
  }
}

const mailTo = (email: string): Pick<Recipient, 'contact'> => (email === '' ? {} : { contact: { email, locale: 'en' } });
