import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.ts';
import { AuditModule } from '../audit/audit.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { TokensModule } from '../tokens/tokens.module.ts';
import { RecoveryController } from './recovery.controller.ts';
import { RecoveryService } from './recovery.service.ts';

@Module({ imports: [AccountsModule, AuditModule, SessionsModule, TokensModule], controllers: [RecoveryController], providers: [RecoveryService] })
export class RecoveryModule {}
