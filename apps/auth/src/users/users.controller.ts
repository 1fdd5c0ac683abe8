import { Body, Controller, Get, Header, Headers, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Roles, type Principal } from '@shopfleet/identity';
import { decodeCursor, encodeCursor } from '@shopfleet/kernel';
import { Limit } from '@shopfleet/rate-limit';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { etagOf, presentUser } from '../accounts/accounts.presenter.ts';
import { userSchema, type User } from '../accounts/accounts.requests.ts';
import { requireIfMatch } from '../accounts/if-match.ts';
import { RequestClient, type Client } from '../client.ts';
import { changeUserSchema, listUsersSchema, userIdSchema, userListSchema, type ChangeUserRequest, type ListUsersRequest, type UserList } from './users.requests.ts';
import { UsersService } from './users.service.ts';

@ApiTags('users')
@Roles('admin')
@Controller('api/auth/users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** Everybody who has an account, newest first. */
  @Get()
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: userListSchema })
  async list(@Query({ schema: listUsersSchema }) { email, role, limit, cursor }: ListUsersRequest): Promise<UserList> {
    const found = await this.users.findPage({ emailPrefix: email, role, limit: limit + 1, after: positionOf(cursor) });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(presentUser),
      ...(found.length > limit && last !== undefined && { nextCursor: encodeCursor([last.createdAt.getTime(), last._id]) }),
    };
  }

  /** One account. */
  @Get(':userId')
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: userSchema })
  async read(@Param({ schema: userIdSchema }) { userId }: z.infer<typeof userIdSchema>, @Res({ passthrough: true }) reply: FastifyReply): Promise<User> {
    const account = await this.users.find(userId);
    void reply.header('etag', etagOf(account));
    return presentUser(account);
  }

  /** Gives somebody other roles. If-Match is required. */
  @Limit('admin-write')
  @Patch(':userId')
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: userSchema })
  async change(
    @CurrentPrincipal() admin: Principal,
    @Param({ schema: userIdSchema }) { userId }: z.infer<typeof userIdSchema>,
    @Body({ schema: changeUserSchema }) { roles }: ChangeUserRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @RequestClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<User> {
    const account = await this.users.changeRoles(userId, roles, requireIfMatch(ifMatch), admin, client);
    void reply.header('etag', etagOf(account));
    return presentUser(account);
  }
}

function positionOf(cursor: string | undefined): { createdAt: Date; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [createdAt, id] = decodeCursor(cursor, 2);
  return { createdAt: new Date(Number(createdAt)), id: String(id) };
}
