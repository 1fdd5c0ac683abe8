import 'reflect-metadata';
import { Controller, Get, Module, Post, UseGuards, type CanActivate, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppError } from '@shopfleet/kernel';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, CurrentPrincipal, OptionalIdentity, Public, Roles } from './access-rule.ts';
import { IdentityModule } from './identity.module.ts';
import type { Principal } from './principal.ts';
import type { Role } from './roles.ts';
import { RouteTable } from './routes.ts';

class InternalGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Controller('things')
class ThingsController {
  @Public() @Get('public') open(@CurrentPrincipal() principal: Principal | undefined) { return { user: principal?.userId ?? null }; }
  @OptionalIdentity() @Get('optional') optional(@CurrentPrincipal() principal: Principal | undefined) { return { user: principal?.userId ?? null }; }
  @Authenticated() @Get('mine') mine(@CurrentPrincipal() principal: Principal) { return { user: principal.userId }; }
  @Roles('employee') @Post(':id/ship') ship() { return {}; }
}

@UseGuards(InternalGuard)
@Controller('internal/things')
class InternalThingsController {
  @Get() list() { return {}; }
}

@Controller('forgotten')
class ForgottenController {
  @Get() read() { return {}; }
  @Post('deep') write() { return {}; }
}

let key: CryptoKey;
let jwks: JSONWebKeySet;
let app: NestFastifyApplication;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  key = pair.privateKey;
  jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'EdDSA' }] };
  app = await start(ThingsController, InternalThingsController);
});

afterAll(() => app.close());

async function start(...controllers: Type[]): Promise<NestFastifyApplication> {
  @Module({ imports: [IdentityModule.forRoot({ jwks, issuer: 'https://shop.test', internalToken: 'a-secret-of-the-tests' })], controllers })
  class TestModule {}
  const created = await NestFactory.create<NestFastifyApplication>(TestModule, new FastifyAdapter(), { logger: false, abortOnError: false });
  created.useGlobalFilters({ catch: (error: unknown, host) => {
    const status = error instanceof AppError ? error.status : 500;
    void host.switchToHttp().getResponse().status(status).send({ detail: String(error) });
  } });
  await created.init();
  return created;
}

const token = (...roles: Role[]): Promise<string> =>
  new SignJWT({ sid: 'ses_1', roles }).setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' }).setSubject('usr_1')
    .setIssuer('https://shop.test').setAudience('shopfleet').setIssuedAt().setExpirationTime('900s').sign(key);

async function call(method: 'GET' | 'POST', url: string, authorization?: string) {
  const answer = await app.inject({ method, url, headers: authorization === undefined ? {} : { authorization } });
  return { status: answer.statusCode, body: answer.json<{ user?: string | null }>(), challenge: answer.headers['www-authenticate'] };
}

describe('identity', () => {
  it('lets anybody through where a route is public, whatever they send', async () => {
    expect(await call('GET', '/things/public', 'Bearer nonsense')).toMatchObject({ status: 200, body: { user: null } });
  });

  it('tells a guest from a customer where identity is optional, and refuses a wrong token there', async () => {
    expect(await call('GET', '/things/optional')).toMatchObject({ status: 200, body: { user: null } });
    expect(await call('GET', '/things/optional', `Bearer ${await token('customer')}`)).toMatchObject({ status: 200, body: { user: 'usr_1' } });
    expect(await call('GET', '/things/optional', 'Bearer a.b.c')).toMatchObject({ status: 401, challenge: 'Bearer error="invalid_token"' });
  });

  it('asks for a login, with a challenge', async () => {
    expect(await call('GET', '/things/mine')).toMatchObject({ status: 401, challenge: 'Bearer' });
    expect(await call('GET', '/things/mine', 'Basic YTpi')).toMatchObject({ status: 401 });
    expect(await call('GET', '/things/mine', `bearer ${await token('customer')}`)).toMatchObject({ status: 200, body: { user: 'usr_1' } });
  });

  it('asks for the role or one that includes it', async () => {
    const statusOf = async (...roles: Role[]) => (await call('POST', '/things/thg_1/ship', `Bearer ${await token(...roles)}`)).status;
    expect(await statusOf('customer')).toBe(403);
    expect(await statusOf('partner-owner')).toBe(403);
    expect(await statusOf('employee')).toBe(201);
    expect(await statusOf('super-admin')).toBe(201);
    expect(await statusOf()).toBe(403);
  });

  it('shows its table of routes to other services only', async () => {
    const read = (headers: Record<string, string>) => app.inject({ method: 'GET', url: '/internal/access-rules', headers });
    expect((await read({})).statusCode).toBe(404);
    expect((await read({ 'x-internal-token': 'a-guess' })).statusCode).toBe(404);
    expect((await read({ 'x-internal-token': 'a-secret-of-the-tests' })).json()).toEqual({ routes: app.get(RouteTable).routes() });
  });

  it('lists every route with its rule', () => {
    expect(new Set(app.get(RouteTable).routes())).toEqual(new Set([
      { method: 'GET', path: '/things/public', handler: 'ThingsController.open', rule: { kind: 'public' } },
      { method: 'GET', path: '/things/optional', handler: 'ThingsController.optional', rule: { kind: 'optional' } },
      { method: 'GET', path: '/things/mine', handler: 'ThingsController.mine', rule: { kind: 'authenticated' } },
      { method: 'POST', path: '/things/:id/ship', handler: 'ThingsController.ship', rule: { kind: 'roles', roles: ['employee'] } },
      { method: 'GET', path: '/internal/things', handler: 'InternalThingsController.list', rule: { kind: 'internal' } },
      { method: 'GET', path: '/internal/access-rules', handler: 'AccessRulesController.list', rule: { kind: 'internal' } },
    ]));
  });

  it('does not start an application with a route that has no rule, and names it', async () => {
    let started: INestApplication | undefined;
    const starting = start(ThingsController, ForgottenController).then((created) => { started = created; });
    await expect(starting).rejects.toThrow(/GET \/forgotten \(ForgottenController\.read\), POST \/forgotten\/deep/u);
    await started?.close();
  });
});
