import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { InternalGuard } from '@shopfleet/service';
import { z } from 'zod';
import { AlertsService } from './alerts.service.ts';

const words = z.record(z.string().max(100), z.string().max(2_000));

/** What Prometheus' Alertmanager posts to a webhook receiver; what else it sends is not needed. */
const alertsIn = z.object({
  alerts: z
    .array(z.object({ status: z.enum(['firing', 'resolved']), labels: words, annotations: words.default({}), startsAt: z.iso.datetime({ offset: true }), fingerprint: z.string().min(1).max(100) }))
    .min(1)
    .max(100),
});
export type AlertIn = z.infer<typeof alertsIn>['alerts'][number];

@ApiExcludeController()
@UseGuards(InternalGuard)
@Controller('internal/alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  /** Alertmanager tries again until it gets a 2xx, and posts what goes on firing again and again: each is told once. */
  @Post()
  @HttpCode(204)
  async receive(@Body({ schema: alertsIn }) { alerts }: z.infer<typeof alertsIn>): Promise<void> {
    for (const alert of alerts) await this.alerts.tell(alert);
  }
}
