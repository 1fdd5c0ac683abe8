import 'reflect-metadata';
import { Controller, Get, Global, Header, Module, Post, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppError, CallerSource, type Caller } from '@shopfleet/kernel';
import { RedisModule } from '@shopfleet/redis';
import type { FastifyReply } from 'fastify';
import { Limit, RateLimitModule, Unlimited, type RateLimitModuleOptions } from '../src/index.ts';

@Controller()
class Things {
  @Get('things')
  @Header('cache-control', 'private, no-store')
  list(): { ok: true } {
    return { ok: true };
  }

  @Get('cacheable')
  @Header('cache-control', 'public, max-age=1')
  cacheable(): { ok: true } {
    return { ok: true };
  }

  @Post('wrong')
  wrong(): never {
    throw new AppError('conflict', { detail: 'never works' });
  }

  @Post('checkout')
  @Limit('checkout')
  checkout(): { ok: true } {
    return { ok: true };
  }

  @Post('export')
  @Limit('export')
  export(): { ok: true } {
    return { ok: true };
  }

  @Get('search')
  @Limit('search', { limit: 5, windowSeconds: 60 })
  search(): { ok: true } {
    return { ok: true };
  }

  @Get('keys')
  @Unlimited('test')
  keys(): { ok: true } {
    return { ok: true };
  }
}

/** `Bearer <id>:<role>,<role>` is who it says. */
class ToldCaller extends CallerSource {
  override async callerOf(authorization: string | undefined): Promise<Caller | undefined> {
    const [id, roles] = authorization?.replace('Bearer ', '').split(':') ?? [];
    return id === undefined || roles === undefined ? undefined : { id, roles: roles.split(',') };
  }
}

@Global()
@Module({ providers: [{ provide: CallerSource, useClass: ToldCaller }], exports: [CallerSource] })
class CallerModule {}

function moduleOf(stateUrl: string, options: Partial<RateLimitModuleOptions>): Type {
  @Module({
    imports: [RedisModule.forRoot({ stateUrl }), CallerModule, RateLimitModule.forRoot({ service: 'things', limit: 100, windowSeconds: 60, ...options })],
    controllers: [Things],
  })
  class LimitedModule {}
  return LimitedModule;
}

/** A worker with limited routes, without the rest of a service. */
export async function limitedApp(stateUrl: string, options: Partial<RateLimitModuleOptions> = {}): Promise<{ app: NestFastifyApplication; url: string }> {
  const app = await NestFactory.create<NestFastifyApplication>(moduleOf(stateUrl, options), new FastifyAdapter(), { logger: ['error'] });
  app.useGlobalFilters({
    catch: (error: AppError, host) => {
      const reply = host.switchToHttp().getResponse<FastifyReply>();
      if (error.retryAfterSeconds !== undefined) void reply.header('retry-after', error.retryAfterSeconds);
      void reply.status(error.status).send({ code: error.code, detail: error.detail });
    },
  });
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}
