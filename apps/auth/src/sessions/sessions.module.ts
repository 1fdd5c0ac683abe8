import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AccountsModule } from '../accounts/accounts.module.ts';
import { AuditModule } from '../audit/audit.module.ts';
import { TokensModule } from '../tokens/tokens.module.ts';
import { LoginAttempts } from './login-attempts.ts';
import { SessionsController } from './sessions.controller.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { sessionSchema, sessionsCollection } from './sessions.schema.ts';
import { SessionsService } from './sessions.service.ts';

@Module({
  imports: [MongooseModule.forFeature([{ name: sessionsCollection, schema: sessionSchema }]), AccountsModule, AuditModule, TokensModule],
  controllers: [SessionsController],
  providers: [SessionsService, SessionsRepository, LoginAttempts],
  exports: [SessionsRepository, LoginAttempts],
})
export class SessionsModule {}
