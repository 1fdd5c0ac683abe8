import { Body, Controller, Delete, Get, Header, HttpCode, Res } from '@nestjs/common';
import { ApiForbiddenResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { addressSchema } from '@shopfleet/contracts';
import { Authenticated, CurrentPrincipal, type Principal } from '@shopfleet/identity';
import { Limit } from '@shopfleet/rate-limit';
import { problemSchema } from '@shopfleet/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { presentUser } from '../accounts/accounts.presenter.ts';
import { eraseSchema, userSchema, type EraseRequest } from '../accounts/accounts.requests.ts';
import { RequestClient, type Client } from '../client.ts';
import { clearRefreshCookie } from '../sessions/refresh-cookie.ts';
import { PrivacyService } from './privacy.service.ts';

const exportSchema = z.object({
  account: userSchema,
  addresses: z.array(addressSchema),
  sessions: z.array(z.object({ createdAt: z.iso.datetime(), lastUsedAt: z.iso.datetime(), ip: z.string(), userAgent: z.string().optional() })),
});
type PersonalDataExport = z.infer<typeof exportSchema>;

@ApiTags('accounts')
@Authenticated()
@Controller('api/auth/me')
export class PrivacyController {
  constructor(private readonly privacy: PrivacyService) {}

  /** All that the accounts service knows about me. */
  @Limit('export')
  @Get('export')
  @Header('cache-control', 'private, no-store')
  @Header('content-disposition', 'attachment; filename="shopfleet-account.json"')
  @ApiOkResponse({ standardSchema: exportSchema })
  async export(@CurrentPrincipal() principal: Principal): Promise<PersonalDataExport> {
    const { account, addresses, sessions } = await this.privacy.personalDataOf(principal);
    return {
      account: presentUser(account),
      addresses: addresses.map(({ name, line1, line2, city, postalCode, country }) => ({ name, line1, ...(line2 !== undefined && { line2 }), city, postalCode, country })),
      sessions: sessions.map(({ createdAt, lastUsedAt, ip, userAgent }) => ({
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt.toISOString(),
        ip,
        ...(userAgent !== undefined && { userAgent }),
      })),
    };
  }

  /** Deletes my account for good, here and in every other service; asks for the password once more. */
  @Delete()
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'The account is gone.' })
  @ApiForbiddenResponse({ standardSchema: problemSchema, description: 'The password is wrong' })
  async erase(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: eraseSchema }) { password }: EraseRequest,
    @RequestClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.privacy.erase(principal, password, client);
    clearRefreshCookie(reply);
  }
}
