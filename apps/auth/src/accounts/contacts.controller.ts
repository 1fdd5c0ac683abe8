import { Controller, Get, Header, Param, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Contact } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';
import { InternalGuard } from '@shopfleet/service';
import { z } from 'zod';
import { AccountsRepository } from './accounts.repository.ts';

const userSchema = z.strictObject({ userId: z.string().regex(/^usr_[0-9a-f]{32}$/u, 'is not a user id') });

/** The notification service asks here for whom an event names by the id only: addresses stay with auth. */
@ApiExcludeController()
@UseGuards(InternalGuard)
@Controller('internal/contacts')
export class ContactsController {
  constructor(private readonly accounts: AccountsRepository) {}

  @Get(':userId')
  @Header('cache-control', 'no-store')
  async contact(@Param({ schema: userSchema }) { userId }: z.infer<typeof userSchema>): Promise<Contact> {
    const account = await this.accounts.findById(userId);
    if (account?.emailVerified !== true) throw new AppError('not-found', { detail: `Nobody with a verified address is called ${userId}: there is nobody to write to.` });
    return { email: account.email, locale: account.locale };
  }
}
