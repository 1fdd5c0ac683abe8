import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@shopfleet/identity';
import { Limit } from '@shopfleet/rate-limit';
import type { z } from 'zod';
import { RequestClient, type Client } from '../client.ts';
import { acceptedSchema, emailVerifiedSchema, registerSchema, verifyEmailSchema, type RegisterRequest } from './accounts.requests.ts';
import { RegistrationService } from './registration.service.ts';

@ApiTags('accounts')
@Controller('api/auth')
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  /** Registers a customer. The answer is the same whether or not the address has an account. */
  @Public()
  @Limit('register', { limit: 20, windowSeconds: 900 })
  @Post('register')
  @HttpCode(202)
  @Header('cache-control', 'private, no-store')
  @ApiAcceptedResponse({ standardSchema: acceptedSchema })
  async register(@Body({ schema: registerSchema }) request: RegisterRequest, @RequestClient() client: Client): Promise<z.infer<typeof acceptedSchema>> {
    await this.registration.register(request, client);
    return { message: `Follow the link in the mail to ${request.email} to finish. If you have an account already, log in or ask for a new password.` };
  }

  /** Verifies the address by the token of the mail. */
  @Public()
  @Post('verify-email')
  @HttpCode(200)
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: emailVerifiedSchema })
  async verify(
    @Body({ schema: verifyEmailSchema }) { token }: z.infer<typeof verifyEmailSchema>,
    @RequestClient() client: Client,
  ): Promise<z.infer<typeof emailVerifiedSchema>> {
    const { email } = await this.registration.verifyEmail(token, client);
    return { email, emailVerified: true };
  }
}
