import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AccessTokenVerifier, Authenticated, bearerToken, CurrentPrincipal, Public, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { presentUser } from '../accounts/accounts.presenter.ts';
import { loginSchema, userSchema, type LoginRequest } from '../accounts/accounts.requests.ts';
import { RequestClient, type Client } from '../client.ts';
import { accessTokenLifetimeSeconds } from '../tokens/access-token-issuer.ts';
import type { Session } from './domain/session.ts';
import { assertOwnOrigin, clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refresh-cookie.ts';
import { SessionsService, type Admission } from './sessions.service.ts';

const admissionSchema = z.object({
  accessToken: z.string().describe('Send it as "Authorization: Bearer …".'),
  tokenType: z.literal('Bearer'),
  expiresIn: z.number().int().describe('Seconds.'),
  user: userSchema,
});
type AdmissionAnswer = z.infer<typeof admissionSchema>;

const sessionAnswerSchema = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  ip: z.string(),
  userAgent: z.string().optional(),
  current: z.boolean().describe('The session of the token that asks.'),
});
const sessionListSchema = z.object({ items: z.array(sessionAnswerSchema) });
type SessionAnswer = z.infer<typeof sessionAnswerSchema>;

const sessionIdSchema = z.strictObject({ sessionId: z.string().regex(/^ses_[0-9a-f]{32}$/u, 'is not the id of a session') });

@ApiTags('sessions')
@Controller('api/auth')
export class SessionsController {
  constructor(private readonly sessions: SessionsService, private readonly accessTokens: AccessTokenVerifier) {}

  /** Logs in with e-mail address and password; the answer sets the refresh cookie. */
  @Public()
  @Post('login')
  @HttpCode(200)
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: admissionSchema })
  async login(
    @Body({ schema: loginSchema }) credentials: LoginRequest,
    @RequestClient() client: Client,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdmissionAnswer> {
    return answer(await this.sessions.login(credentials, client), reply);
  }

  /** Exchanges the refresh cookie for a new access token and the next refresh cookie. */
  @Public()
  @Post('refresh')
  @HttpCode(200)
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: admissionSchema })
  async refresh(@Req() request: FastifyRequest, @RequestClient() client: Client, @Res({ passthrough: true }) reply: FastifyReply): Promise<AdmissionAnswer> {
    assertOwnOrigin(request);
    try {
      return answer(await this.sessions.refresh(readRefreshCookie(request), client), reply);
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthenticated') clearRefreshCookie(reply);
      throw error;
    }
  }

  /**
   * Ends the session of the refresh cookie, and that of the access token where one is sent. Answers alike when there was
   * none; an access token that does not hold is refused where there is no cookie, for then nothing would end.
   */
  @Public()
  @Post('logout')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'Logged out.' })
  async logout(@Req() request: FastifyRequest, @RequestClient() client: Client, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    assertOwnOrigin(request);
    const cookie = readRefreshCookie(request);
    await this.sessions.logout(cookie, client);
    clearRefreshCookie(reply);
    const bearer = bearerToken(request.headers.authorization);
    if (bearer !== undefined) await this.endSessionOf(bearer, cookie !== undefined, client);
  }

  private async endSessionOf(accessToken: string, hadCookie: boolean, client: Client): Promise<void> {
    try {
      await this.sessions.endSessionOf(await this.accessTokens.verify(accessToken), client);
    } catch (error) {
      // A page that was left open sends a token that has run out; its cookie has logged it out.
      if (!hadCookie || !(error instanceof AppError) || error.code !== 'unauthenticated') throw error;
    }
  }

  /** Where I am logged in, last used first. */
  @Authenticated()
  @Get('me/sessions')
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: sessionListSchema })
  async list(@CurrentPrincipal() principal: Principal): Promise<{ items: SessionAnswer[] }> {
    const open = await this.sessions.openSessionsOf(principal);
    return { items: open.map((session) => presentSession(session, principal)) };
  }

  /** Logs one device out; its access token runs out within 15 minutes. */
  @Authenticated()
  @Delete('me/sessions/:sessionId')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'The session is over.' })
  async revoke(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: sessionIdSchema }) { sessionId }: z.infer<typeof sessionIdSchema>,
    @RequestClient() client: Client,
  ): Promise<void> {
    await this.sessions.revokeOwn(principal, sessionId, client);
  }
}

function answer({ account, session, accessToken, refreshToken }: Admission, reply: FastifyReply): AdmissionAnswer {
  setRefreshCookie(reply, refreshToken, session);
  return { accessToken, tokenType: 'Bearer', expiresIn: accessTokenLifetimeSeconds, user: presentUser(account) };
}

function presentSession(session: Session, principal: Principal): SessionAnswer {
  return {
    id: session._id,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    ip: session.ip,
    ...(session.userAgent !== undefined && { userAgent: session.userAgent }),
    current: session._id === principal.sessionId,
  };
}
