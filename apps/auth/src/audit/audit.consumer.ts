import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { auditRecorded, EventOf } from '@shopfleet/contracts';
import { Inbox } from '@shopfleet/outbox';
import { AuditTrail } from './audit-trail.ts';

/** Adds what other services report to the trail. */
@Controller()
export class AuditConsumer {
  constructor(private readonly inbox: Inbox, private readonly trail: AuditTrail) {}

  @EventPattern<string>('audit.recorded.v1')
  async record(@Payload() event: EventOf<typeof auditRecorded>): Promise<void> {
    const { actor, action, target, difference } = event.data;
    const row = {
      _id: event.id,
      at: new Date(event.time),
      source: event.source,
      action,
      actor: actor.id,
      target,
      difference,
      ...(actor.roles !== undefined && { actorRoles: actor.roles }),
      ...(event.correlationId !== undefined && { requestId: event.correlationId }),
    };
    await this.inbox.once('auth.audit', event, (session) => this.trail.add(row, session));
  }
}
