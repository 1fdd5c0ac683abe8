import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuditModule } from '../audit/audit.module.ts';
import { TokensModule } from '../tokens/tokens.module.ts';
import { AccountsRepository } from './accounts.repository.ts';
import { accountSchema, accountsCollection } from './accounts.schema.ts';
import { ContactsController } from './contacts.controller.ts';
import { MeController } from './me.controller.ts';
import { PasswordHasher } from './password-hasher.ts';
import { ProfileService } from './profile.service.ts';
import { RegistrationController } from './registration.controller.ts';
import { RegistrationService } from './registration.service.ts';
import { UserCache } from './user-cache.ts';

@Module({
  imports: [MongooseModule.forFeature([{ name: accountsCollection, schema: accountSchema }]), AuditModule, TokensModule],
  controllers: [RegistrationController, MeController, ContactsController],
  providers: [AccountsRepository, PasswordHasher, RegistrationService, ProfileService, UserCache],
  exports: [AccountsRepository, PasswordHasher, UserCache],
})
export class AccountsModule {}
