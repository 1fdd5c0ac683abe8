import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@shopfleet/identity';
import { Limit } from '@shopfleet/rate-limit';
import type { z } from 'zod';
import { acceptedSchema, forgotPasswordSchema, resetPasswordSchema, type ResetPasswordRequest } from '../accounts/accounts.requests.ts';
import { RequestClient, type Client } from '../client.ts';
import { RecoveryService } from './recovery.service.ts';

@ApiTags('accounts')
@Controller('api/auth')
export class RecoveryController {
  constructor(private readonly recovery: RecoveryService) {}

  /** Asks for a mail with a link that sets a new password. The answer is the same whether or not the address has an account. */
  @Public()
  @Limit('forgot-password', { limit: 20, windowSeconds: 900 })
  @Post('forgot-password')
  @HttpCode(202)
  @Header('cache-control', 'private, no-store')
  @ApiAcceptedResponse({ standardSchema: acceptedSchema })
  async forgot(
    @Body({ schema: forgotPasswordSchema }) { email }: z.infer<typeof forgotPasswordSchema>,
    @RequestClient() client: Client,
  ): Promise<z.infer<typeof acceptedSchema>> {
    await this.recovery.requestReset(email, client);
    return { message: `If ${email} has an account, a mail with a link is on its way. It works for one hour.` };
  }

  /** Sets a new password by the token of the mail, and logs every device out. */
  @Public()
  @Post('reset-password')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'The new password is set.' })
  async reset(@Body({ schema: resetPasswordSchema }) request: ResetPasswordRequest, @RequestClient() client: Client): Promise<void> {
    await this.recovery.reset(request, client);
  }
}
