import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BrokerCheck } from './broker.check.ts';
import { EventPublisher } from './event-publisher.ts';
import { HandlerFailures } from './handler-failures.ts';
import type { MessagingOptions } from './messaging-options.ts';
import { RabbitMqStrategy } from './rabbitmq.strategy.ts';
import { messagingOptions } from './tokens.ts';

/**
 * RabbitMQ for one service: `RabbitMqStrategy` as its transport, `EventPublisher` for the outbox relay, `BrokerCheck`.
 *
 * @example MessagingModule.forRoot({ url: config.RABBITMQ_URL, service: 'order' })
 */
@Global()
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      imports: [DiscoveryModule],
      providers: [{ provide: messagingOptions, useValue: options }, HandlerFailures, EventPublisher, RabbitMqStrategy, BrokerCheck],
      exports: [messagingOptions, EventPublisher, RabbitMqStrategy, BrokerCheck],
    };
  }
}
