import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.ts';
import { AuditModule } from '../audit/audit.module.ts';
import { AuditController } from './audit.controller.ts';
import { UsersController } from './users.controller.ts';
import { UsersService } from './users.service.ts';

@Module({ imports: [AccountsModule, AuditModule], controllers: [UsersController, AuditController], providers: [UsersService] })
export class UsersModule {}
