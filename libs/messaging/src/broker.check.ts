import { Injectable } from '@nestjs/common';
import type { DependencyCheck } from '@shopfleet/kernel';
import { EventPublisher } from './event-publisher.ts';
import { RabbitMqStrategy } from './rabbitmq.strategy.ts';

/** Tells whether the broker is there. Not critical: without it orders are still taken, their events wait in the outbox. */
@Injectable()
export class BrokerCheck implements DependencyCheck {
  readonly name = 'rabbitmq';
  readonly critical = false;

  constructor(
    private readonly publisher: EventPublisher,
    private readonly strategy: RabbitMqStrategy,
  ) {}

  check(): Promise<void> {
    if (!this.publisher.available) return Promise.reject(new Error(`cannot publish: ${this.publisher.unavailableReason}`));
    if (!this.strategy.connected) return Promise.reject(new Error(`cannot consume: ${this.strategy.disconnectedReason}`));
    return Promise.resolve();
  }
}
