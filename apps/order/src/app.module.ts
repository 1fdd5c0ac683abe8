import { createHash } from 'node:crypto';
import { Module, type Type } from '@nestjs/common';
import { IdempotencyModule } from '@shopfleet/idempotency';
import { IdentityModule, type RequestWithPrincipal } from '@shopfleet/identity';
import { Jobs, JobsModule } from '@shopfleet/jobs';
import { BrokerCheck, MessagingModule, RabbitMqStrategy } from '@shopfleet/messaging';
import { MongoCheck, MongoModule } from '@shopfleet/mongo';
import { OutboxModule, OutboxRelay } from '@shopfleet/outbox';
import { RateLimitModule } from '@shopfleet/rate-limit';
import { RedisModule } from '@shopfleet/redis';
import { ServiceModule } from '@shopfleet/service';
import type { FastifyRequest } from 'fastify';
import { CheckoutModule } from './checkout/checkout.module.ts';
import { PaymentRunner } from './checkout/payment-runner.ts';
import { CheckoutRedisCheck } from './checkout/redis-state.check.ts';
import type { OrderConfig } from './config.ts';
import { OrdersModule } from './orders/orders.module.ts';
import { PaymentsModule } from './payments/payments.module.ts';

/** Requests of one address in 15 minutes. */
const requestsPerAddress = 500;

/** The wiring of the service, top to bottom. A function, because several may run in one test process. */
export function appModule(config: OrderConfig): Type {
  @Module({
    imports: [
      ServiceModule.forRoot({
        config,
        checks: [MongoCheck, CheckoutRedisCheck, BrokerCheck],
        drain: [RabbitMqStrategy, Jobs, PaymentRunner, OutboxRelay],
      }),
      MongoModule.forRoot({ uri: config.MONGODB_URI, minPoolSize: 5, maxPoolSize: 30, appName: 'order' }),
      RedisModule.forRoot({ stateUrl: config.REDIS_STATE_URL }),
      RateLimitModule.forService(config, { service: 'order', limit: requestsPerAddress }),
      IdentityModule.forService(config),
      MessagingModule.forRoot({ url: config.RABBITMQ_URL, service: 'order' }),
      OutboxModule.forRoot({ service: 'order' }),
      JobsModule.forRoot({ url: config.REDIS_STATE_URL }),
      IdempotencyModule.forRoot({ principalOf }),
      PaymentsModule.forRoot({ url: config.PAYMENT_URL }),
      OrdersModule.forRoot({ tokenSecret: config.ORDER_TOKEN_SECRET ?? config.INTERNAL_TOKEN }),
      CheckoutModule.forRoot({ sweepIntervalMs: config.SWEEP_INTERVAL_MS }),
    ],
  })
  class AppModule {}
  return AppModule;
}

/** A customer by the account, a guest by the cart: nobody else knows its token. */
function principalOf(request: FastifyRequest & RequestWithPrincipal): string | undefined {
  if (request.principal) return request.principal.userId;
  const cartToken = request.headers['x-cart-token'];
  return typeof cartToken === 'string' && cartToken !== '' ? `guest:${createHash('sha256').update(cartToken).digest('base64url')}` : undefined;
}
