import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.ts';
import { AddressesModule } from '../addresses/addresses.module.ts';
import { AuditModule } from '../audit/audit.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { PrivacyController } from './privacy.controller.ts';
import { PrivacyService } from './privacy.service.ts';

@Module({ imports: [AccountsModule, AddressesModule, AuditModule, SessionsModule], controllers: [PrivacyController], providers: [PrivacyService] })
export class PrivacyModule {}
