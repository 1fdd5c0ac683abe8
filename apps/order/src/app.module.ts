import { createHash } from 'node:crypto';
import { Module, type Type } from '@nestjs/common';
import { IdempotencyModule } from '@shopfleet/idempotency';
import { IdentityModule, type RequestWithPrincipal } from '@shopfleet/identity';
import { Jobs, JobsModule } from '@shopfleet/jobs';
import { BrokerCheck, MessagingModule, RabbitMqStrategy } from '@shopfleet/messaging';
import { MongoCheck, MongoModule } from '@shopfleet/mongo';
import { OutboxModule, OutboxRelay } from '@shopfleet/outbox';
import { RateLimitModule } from '@shopfleet/rate-limit';
import { RedisModule, RedisStateClient } from '@shopfleet/redis';
import { ServiceModule } from '@shopfleet/service';
import type { FastifyRequest } from 'fastify';
import { CartClient } from './checkout/cart.client.ts';
import { CartClientModule } from './checkout/cart-client.module.ts';
import { CheckoutModule } from './checkout/checkout.module.ts';
import { PaymentRunner } from './checkout/payment-runner.ts';
import { CheckoutRedisCheck } from './checkout/redis-state.check.ts';
import { simulatorUrl, type OrderConfig } from './config.ts';
import { ErasureModule } from './erasure/erasure.module.ts';
import { OrdersModule } from './orders/orders.module.ts';
import { PaymentsModule } from './payments/payments.module.ts';
import { StatisticsModule } from './statistics/statistics.module.ts';

/** Requests of one address in 15 minutes. */
const requestsPerAddress = 500;

/** The wiring of the service, top to bottom. A function, because several may run in one test process. */
export function appModule(config: OrderConfig): Type {
  const failPoint = config.NODE_ENV === 'test' ? config.FAILPOINT : undefined;
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
      MessagingModule.forRoot({ url: config.RABBITMQ_URL, service: 'order', failPoint }),
      OutboxModule.forRoot({ service: 'order', bell: RedisStateClient, failPoint }),
      JobsModule.forRoot({ url: config.REDIS_STATE_URL }),
      IdempotencyModule.forRoot({ imports: [CartClientModule], principalOf: { inject: [CartClient], useFactory: principalOf } }),
      PaymentsModule.forRoot({ url: config.PAYMENT_URL ?? simulatorUrl, webhookSecrets: config.PAYMENT_WEBHOOK_SECRETS, stripeSecretKey: config.STRIPE_SECRET_KEY }),
      // Before the orders: /stats is no order's id.
      StatisticsModule.forRoot({ intervalMs: config.STATS_INTERVAL_MS }),
      OrdersModule.forRoot({ tokenSecret: config.ORDER_TOKEN_SECRET ?? config.INTERNAL_TOKEN }),
      CheckoutModule.forRoot({ sweepIntervalMs: config.SWEEP_INTERVAL_MS, reconcileIntervalMs: config.RECONCILE_INTERVAL_MS }),
      ErasureModule.forRoot({ intervalMs: config.SWEEP_INTERVAL_MS }),
    ],
  })
  class AppModule {}
  return AppModule;
}

/**
 * A customer by the account, a guest by the cart or the order: nobody else knows its token. The cart service says whose
 * cart a token opens, for a token is renewed and the guest who repeats a request stays the same.
 */
const principalOf =
  (carts: CartClient) =>
  async (request: FastifyRequest & RequestWithPrincipal): Promise<string | undefined> => {
    if (request.principal) return request.principal.userId;
    const { 'x-cart-token': cartToken, 'x-order-token': orderToken } = request.headers;
    if (typeof cartToken === 'string' && cartToken !== '') return `guest:${(await carts.ofGuest(request, cartToken)).id}`;
    return typeof orderToken === 'string' && orderToken !== '' ? `guest:${createHash('sha256').update(orderToken).digest('base64url')}` : undefined;
  };
