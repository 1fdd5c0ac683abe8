import { Body, Controller, Get, Header, Headers, Patch, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, type Principal } from '@shopfleet/identity';
import type { FastifyReply } from 'fastify';
import { etagOf } from './accounts.presenter.ts';
import { changeProfileSchema, userSchema, type ChangeProfileRequest, type User } from './accounts.requests.ts';
import { ProfileService } from './profile.service.ts';

@ApiTags('accounts')
@Authenticated()
@Controller('api/auth/me')
export class MeController {
  constructor(private readonly profile: ProfileService) {}

  /** Who I am. */
  @Get()
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: userSchema })
  async me(@CurrentPrincipal() principal: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<User> {
    return answer(await this.profile.profileOf(principal), reply);
  }

  /** Changes my name or language. If-Match may be sent. */
  @Patch()
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: userSchema })
  async change(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: changeProfileSchema }) request: ChangeProfileRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<User> {
    return answer(await this.profile.change(principal, request, ifMatch), reply);
  }
}

function answer(user: User, reply: FastifyReply): User {
  void reply.header('etag', etagOf(user));
  return user;
}
