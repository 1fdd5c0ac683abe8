import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Notifier } from '../events/notifier.ts';
import { opsAlert } from '../mail/kinds/ops-alert.ts';
import { MerchantEvents } from '../webhooks/merchant-events.ts';
import type { AlertIn } from './alerts.controller.ts';

/** Tells operations of an alert: in the list of every admin, by mail and by webhook. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly notifier: Notifier,
    private readonly webhooks: MerchantEvents,
    private readonly alertEmail: string,
  ) {}

  async tell({ status, labels, annotations, startsAt, fingerprint }: AlertIn): Promise<void> {
    const name = labels['alertname'] ?? 'alert';
    const summary = annotations['summary'] ?? annotations['description'] ?? '';
    const data = { name, status, severity: labels['severity'] ?? 'unknown', summary, since: startsAt };
    // The same alert posted again is the same cause.
    const id = `evt_${createHash('sha256').update(`${fingerprint}\n${status}\n${startsAt}`).digest('hex').slice(0, 32)}`;
    await this.notifier.tell({ id, type: 'ops.alert' }, opsAlert, data, this.recipient, (session) => this.webhooks.alert(id, { ...data, labels }, session));
  }

  private get recipient() {
    return { role: 'admin', ...(this.alertEmail !== '' && { contact: { email: this.alertEmail, locale: 'en' } }) } as const;
  }
}
