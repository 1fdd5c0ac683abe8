import { Module } from '@nestjs/common';
import { IdentityModule } from '@shopfleet/identity';
import { BrokerCheck, MessagingModule } from '@shopfleet/messaging';
import { MongoCheck, MongoModule } from '@shopfleet/mongo';
import { OutboxModule, OutboxRelay } from '@shopfleet/outbox';
import { ServiceModule } from '@shopfleet/service';
import { AccountsModule } from './accounts/accounts.module.ts';
import { AuditModule } from './audit/audit.module.ts';
import { config } from './config.ts';
import { RecoveryModule } from './recovery/recovery.module.ts';
import { SessionsModule } from './sessions/sessions.module.ts';
import { publicKeySet } from './tokens/access-token-issuer.ts';
import { TokensModule } from './tokens/tokens.module.ts';
import { UsersModule } from './users/users.module.ts';

@Module({
  imports: [
    ServiceModule.forRoot({ config, checks: [MongoCheck, BrokerCheck], drain: [OutboxRelay] }),
    MongoModule.forRoot({ uri: config.MONGODB_URI, maxPoolSize: 20, minPoolSize: 5, appName: 'auth' }),
    MessagingModule.forRoot({ url: config.RABBITMQ_URL, service: 'auth' }),
    OutboxModule.forRoot({ service: 'auth' }),
    // This service owns the keys: it need not ask itself for them.
    IdentityModule.forRoot({ jwks: publicKeySet(config.AUTH_SIGNING_KEYS), issuer: config.PUBLIC_URL }),
    TokensModule,
    AuditModule,
    AccountsModule,
    SessionsModule,
    RecoveryModule,
    UsersModule,
  ],
})
export class AppModule {}
