import { Controller, Get, Header, Param, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError } from '@shopfleet/kernel';
import { InternalGuard } from '@shopfleet/service';
import { z } from 'zod';
import { config } from '../config.ts';
import { deriveMailToken, type MailTokenPurpose } from './mail-token.ts';
import { MailTokens } from './mail-tokens.ts';

const refSchema = z.strictObject({ ref: z.string().regex(/^mal_[0-9a-f]{32}$/u, 'is not a reference of a mail token') });

interface MailTokenAnswer {
  readonly token: string;
  readonly purpose: MailTokenPurpose;
  readonly expiresAt: string;
}

/** The notification service asks here at the moment it writes a mail, so that no token lies in a message or a database. */
@ApiExcludeController()
@UseGuards(InternalGuard)
@Controller('internal/mail-tokens')
export class MailTokensController {
  constructor(private readonly tokens: MailTokens) {}

  @Get(':ref')
  @Header('cache-control', 'no-store')
  async token(@Param({ schema: refSchema }) { ref }: z.infer<typeof refSchema>): Promise<MailTokenAnswer> {
    const stored = await this.tokens.findById(ref);
    if (stored === undefined || stored.usedAt !== undefined || stored.expiresAt <= new Date()) {
      throw new AppError('not-found', { detail: `The mail token ${ref} is unknown, used or expired: there is nothing left to mail.` });
    }
    return { token: deriveMailToken(config.AUTH_TOKEN_SECRET, stored.purpose, ref), purpose: stored.purpose, expiresAt: stored.expiresAt.toISOString() };
  }
}
