import { Module, type Type } from '@nestjs/common';
import { IdentityModule } from '@shopfleet/identity';
import { Jobs, JobsModule } from '@shopfleet/jobs';
import { BrokerCheck, MessagingModule, RabbitMqStrategy } from '@shopfleet/messaging';
import { MongoCheck, MongoModule } from '@shopfleet/mongo';
import { OutboxModule, OutboxRelay } from '@shopfleet/outbox';
import { RateLimitModule } from '@shopfleet/rate-limit';
import { RedisModule, RedisStateClient } from '@shopfleet/redis';
import { ServiceModule } from '@shopfleet/service';
import type { NotificationConfig } from './config.ts';
import { AlertsModule } from './alerts/alerts.module.ts';
import { DeliveriesModule } from './deliveries/deliveries.module.ts';
import { EventsModule } from './events/events.module.ts';
import { InboxModule } from './inbox/inbox.module.ts';
import { MailQueueCheck } from './mail/mail-queue.check.ts';
import { MailModule } from './mail/mail.module.ts';
import { PreferencesModule } from './preferences/preferences.module.ts';
import { PushModule } from './push/push.module.ts';
import { QueueBoardModule } from './ops/queue-board.module.ts';
import { StreamHub } from './streams/stream-hub.ts';
import { StreamsModule } from './streams/streams.module.ts';
import { WebhooksModule } from './webhooks/webhooks.module.ts';

// Per 15 minutes; features.md, "Notification service" (S4).
const requestsPerAddress = 200;

/** The wiring of the service, top to bottom. */
export function appModule(config: NotificationConfig): Type {
  const push = PushModule.forRoot(config);
  const webhooks = WebhooksModule.forRoot(config);
  const events = EventsModule.forRoot(config, push);
  @Module({
    imports: [
      ServiceModule.forRoot({ config, checks: [MongoCheck, BrokerCheck, MailQueueCheck], drain: [StreamHub, RabbitMqStrategy, Jobs, OutboxRelay] }),
      // Pool figures: features.md, "Notification service" (S4).
      MongoModule.forRoot({ uri: config.MONGODB_URI, appName: 'notification', minPoolSize: 2, maxPoolSize: 10 }),
      MessagingModule.forRoot({ url: config.RABBITMQ_URL, service: 'notification' }),
      OutboxModule.forRoot({ service: 'notification', bell: RedisStateClient }),
      RedisModule.forRoot({ stateUrl: config.REDIS_STATE_URL }),
      JobsModule.forRoot({ url: config.REDIS_STATE_URL }),
      RateLimitModule.forService(config, { service: 'notification', limit: requestsPerAddress }),
      IdentityModule.forService(config),
      InboxModule,
      MailModule.forRoot(config),
      StreamsModule.forRoot(config),
      PreferencesModule,
      DeliveriesModule.forRoot(config),
      push,
      webhooks,
      events,
      AlertsModule.forRoot(config, events, webhooks),
      QueueBoardModule.forRoot(config),
    ],
  })
  class AppModule {}
  return AppModule;
}
