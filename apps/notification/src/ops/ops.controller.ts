import { readFileSync } from 'node:fs';
import { Controller, Get, Header, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CurrentPrincipal, Public, Roles, type Principal } from '@shopfleet/identity';
import type { FastifyReply } from 'fastify';
import { OpsHealth, type ShopHealth } from './ops-health.ts';
import { opsCookie, OpsSessions, opsSessionSeconds } from './ops-sessions.ts';

const page = readFileSync(new URL('../../pages/ops.html', import.meta.url), 'utf8');
const script = readFileSync(new URL('../../pages/ops.js', import.meta.url), 'utf8');
const policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The door to the pages of operations: log in as super admin, get a cookie that only /ops sees. */
@ApiExcludeController()
@Controller('ops')
export class OpsController {
  constructor(
    private readonly sessions: OpsSessions,
    private readonly health: OpsHealth,
  ) {}

  @Get()
  @Public()
  @Header('cache-control', 'no-store')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', policy)
  page(): string {
    return page;
  }

  @Get('login.js')
  @Public()
  @Header('cache-control', 'no-store')
  @Header('content-type', 'text/javascript; charset=utf-8')
  script(): string {
    return script;
  }

  /** The score from 0 to 100 with its reasons, and how each service does. */
  @Get('health')
  @Roles('super-admin')
  @Header('cache-control', 'no-store')
  look(): Promise<ShopHealth> {
    return this.health.look();
  }

  @Post('session')
  @Roles('super-admin')
  @HttpCode(204)
  async begin(@CurrentPrincipal() { userId }: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = await this.sessions.begin(userId);
    void reply.header('set-cookie', `${opsCookie}=${token}; Path=/ops; Max-Age=${opsSessionSeconds}; HttpOnly; Secure; SameSite=Strict`);
  }
}
