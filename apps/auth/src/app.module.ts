import { Module } from '@nestjs/common';
import { Cache, CacheModule } from '@shopfleet/cache';
import { IdentityModule } from '@shopfleet/identity';
import { BrokerCheck, MessagingModule, RabbitMqStrategy } from '@shopfleet/messaging';
import { MongoCheck, MongoModule } from '@shopfleet/mongo';
import { OutboxModule, OutboxRelay } from '@shopfleet/outbox';
import { RateLimitModule } from '@shopfleet/rate-limit';
import { RedisCacheCheck, RedisModule, RedisStateCheck, RedisStateClient } from '@shopfleet/redis';
import { ServiceModule } from '@shopfleet/service';
import { AccountsModule } from './accounts/accounts.module.ts';
import { AddressesModule } from './addresses/addresses.module.ts';
import { AuditModule } from './audit/audit.module.ts';
import { config } from './config.ts';
import { PrivacyModule } from './privacy/privacy.module.ts';
import { RecoveryModule } from './recovery/recovery.module.ts';
import { SessionsModule } from './sessions/sessions.module.ts';
import { publicKeySet } from './tokens/access-token-issuer.ts';
import { TokensModule } from './tokens/tokens.module.ts';
import { UsersModule } from './users/users.module.ts';

/** Requests of one address in 15 minutes. */
const requestsPerAddress = 100;

@Module({
  imports: [
    ServiceModule.forRoot({ config, checks: [MongoCheck, BrokerCheck, RedisStateCheck, RedisCacheCheck], drain: [RabbitMqStrategy, OutboxRelay, Cache] }),
    MongoModule.forRoot({ uri: config.MONGODB_URI, maxPoolSize: 20, minPoolSize: 5, appName: 'auth' }),
    RedisModule.forRoot({ cacheUrl: config.REDIS_CACHE_URL, stateUrl: config.REDIS_STATE_URL }),
    CacheModule.forRoot({ namespace: 'auth', maxBytes: 8 * 1024 * 1024 }),
    MessagingModule.forRoot({ url: config.RABBITMQ_URL, service: 'auth' }),
    OutboxModule.forRoot({ service: 'auth', bell: RedisStateClient }),
    RateLimitModule.forService(config, { service: 'auth', limit: requestsPerAddress }),
    // This service owns the keys: it need not ask itself for them.
    IdentityModule.forRoot({ jwks: publicKeySet(config.AUTH_SIGNING_KEYS), issuer: config.PUBLIC_URL, internalToken: config.INTERNAL_TOKEN }),
    TokensModule,
    AuditModule,
    AccountsModule,
    SessionsModule,
    RecoveryModule,
    AddressesModule,
    PrivacyModule,
    UsersModule,
  ],
})
export class AppModule {}
