import { Body, Controller, Get, Header, HttpCode, Logger, Module, Param, Post, Query } from '@nestjs/common';
import { parseEnvironment, serviceEnvironment } from '@shopfleet/config';
import { AppError, type DependencyCheck } from '@shopfleet/kernel';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createService, type Service } from './create-service.ts';
import { ServiceModule } from './service.module.ts';

const lineSchema = z.strictObject({ sku: z.string(), quantity: z.number().int().min(1) });
const querySchema = z.strictObject({ q: z.string().optional() });
// Takes whatever is asked: what matters is that none of it comes back.
const anySchema = z.looseObject({});
const config = parseEnvironment(z.object({ ...serviceEnvironment }), { PORT: '0', INTERNAL_TOKEN: 'a-token-of-the-tests', NODE_ENV: 'test', LOG_LEVEL: 'silent' });

class Disk implements DependencyCheck {
  readonly name = 'disk';
  full = false;
  check(): Promise<void> {
    return this.full ? Promise.reject(new Error('full')) : Promise.resolve();
  }
}

@Controller('things')
class ThingsController {
  @Get('search')
  search(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>): unknown {
    return query;
  }

  @Get('hangs')
  hangs(): Promise<never> {
    return new Promise(() => undefined);
  }

  @Get('away')
  away(@Query({ schema: anySchema }) _query: unknown): never {
    throw new AppError('dependency-unavailable', { detail: 'Come back soon.', cause: new Error('connect refused\nat somewhere') });
  }

  @Get(':id')
  get(@Param('id') id: string, @Query({ schema: anySchema }) _query: unknown): never {
    throw id === 'boom' ? new Error('a secret detail') : new AppError('not-found', { detail: `There is no thing ${id}.` });
  }

  @Get()
  @Header('cache-control', 'public, max-age=1')
  list(): unknown[] {
    return [];
  }

  @Post()
  @HttpCode(201)
  create(@Body({ schema: lineSchema }) line: z.infer<typeof lineSchema>): unknown {
    return line;
  }
}

@Module({ imports: [ServiceModule.forRoot({ config, checks: [Disk] })], controllers: [ThingsController], providers: [Disk] })
class ThingsModule {}

let service: Service;
let url: string;
beforeAll(async () => {
  service = await createService({ name: 'thing', plural: 'things', title: 'Things', module: ThingsModule, config });
  url = await service.listen(0);
});
afterAll(() => service.close());

const post = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${url}/things`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

describe('errors', () => {
  it('are problem details with a stable code and the request id', async () => {
    const response = await fetch(`${url}/things/7?x=1`, { headers: { 'x-request-id': 'request-0001' } });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
    expect(response.headers.get('x-request-id')).toBe('request-0001');
    expect(await response.json()).toMatchObject({ code: 'not-found', status: 404, detail: 'There is no thing 7.', instance: '/things/7', requestId: 'request-0001' });
  });

  it('have the same form where a name in the address is long', async () => {
    const response = await fetch(`${url}/things/${'x'.repeat(2_000)}`);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
    expect(await response.json()).toMatchObject({ status: response.status, requestId: expect.any(String) });
  });

  it('name every wrong field, unknown keys too', async () => {
    const response = await post('{"sku":"A","quantity":0,"price":1}');
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { errors: { pointer: string }[] };
    expect(problem.errors.map(({ pointer }) => pointer).sort()).toEqual(['/price', '/quantity']);
  });

  it.each([
    ['{"sku":', 'application/json', 400, 'validation-failed'],
    ['{"__proto__":{"a":1},"sku":"A","quantity":1}', 'application/json', 400, 'validation-failed'],
    ['{"constructor":{"a":1},"sku":"A","quantity":1}', 'application/json', 400, 'validation-failed'],
    ['{"sku":"A","quantity":1,"deep":[{"prototype":null}]}', 'application/json', 400, 'validation-failed'],
    ['<sku/>', 'application/xml', 415, 'unsupported-media-type'],
    ['{"sku":"A","quantity":1}', 'text/plain', 415, 'unsupported-media-type'],
    [Buffer.from('{"sku":"\xff","quantity":1}', 'latin1'), 'application/json', 400, 'validation-failed'],
    [`{"sku":"${'x'.repeat(1_100_000)}"}`, 'application/json', 413, 'too-large'],
  ])('%#: what the parser refuses is a problem too', async (body, type, status, code) => {
    const response = await post(body, { 'content-type': type });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  it('name a key that reaches for the prototype, where Nest would drop it', async () => {
    const response = await post('{"sku":"A","quantity":1,"deep":[{"prototype":null}]}');
    expect(await response.json()).toMatchObject({ errors: [{ pointer: '/deep/0/prototype' }] });
    const query = await fetch(`${url}/things/search?constructor=1`);
    expect([query.status, await query.json()]).toEqual([400, expect.objectContaining({ errors: [{ pointer: '/constructor', message: 'is not known here' }] })]);
  });

  it('are logged in one line when they are intended, with a stack when nobody foresaw them', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const error = vi.spyOn(Logger.prototype, 'error').mockReturnValue();
    try {
      expect((await fetch(`${url}/things/away?token=canary`)).status).toBe(503);
      expect(warn.mock.calls).toEqual([['GET /things/away: 503 Come back soon. (connect refused)']]);
      expect(error).not.toHaveBeenCalled();
      await fetch(`${url}/things/boom?token=canary`);
      expect(error.mock.calls).toEqual([[expect.stringMatching(/^GET \/things\/boom: /u), expect.stringContaining('ThingsController')]]);
      expect(JSON.stringify([...warn.mock.calls, ...error.mock.calls])).not.toContain('canary');
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('tell nothing of what happened inside', async () => {
    const response = await fetch(`${url}/things/boom`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('requests', () => {
  it('replace a request id that is not sane', async () => {
    const response = await post('{"sku":"A","quantity":1}', { 'x-request-id': 'a b' });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/u);
  });

  it('leave no id of the first reader on a cacheable answer', async () => {
    expect((await fetch(`${url}/things`)).headers.get('x-request-id')).toBeNull();
  });

  it('are protected by helmet', async () => {
    expect((await fetch(`${url}/things`)).headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('health', () => {
  it('is alive whatever its dependencies do, and ready only with them', async () => {
    const disk = service.app.get(Disk);
    disk.full = true;
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const notReady = await fetch(`${url}/ready`);
    expect([notReady.status, ((await notReady.json()) as { checks: unknown }).checks]).toEqual([503, [{ name: 'disk', ok: false, critical: true, reason: 'full' }]]);
    disk.full = false;
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    expect(await (await fetch(`${url}/api/things/health`)).json()).toMatchObject({ success: true, message: expect.any(String) as string, environment: 'test' });
  });
});

describe('metrics', () => {
  it('tell rate, errors and duration by the template of the route, never by its path', async () => {
    await fetch(`${url}/things/aardvark`);
    await fetch(`${url}/nowhere/aardvark`);
    const { status, text } = await metrics();
    expect(status).toBe(200);
    expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/things\/:id",status="404"\} \d/u);
    expect(text).toContain('route="unknown"');
    expect(text).not.toContain('aardvark');
  });

  it.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'])('are not given to who comes through a proxy (%s)', async (header) => {
    const response = await fetch(`${url}/metrics`, { headers: { [header]: '127.0.0.1' } });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'not-found']);
  });

  const metrics = async (): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${url}/metrics`);
    return { status: response.status, text: await response.text() };
  };
});

it('ends all the same when a request is never answered', async () => {
  const other = await createService({ name: 'thing', plural: 'things', title: 'Things', module: ThingsModule, config });
  const asked = fetch(`${await other.listen(0)}/things/hangs`);
  const cutOff = expect(asked).rejects.toThrow();
  await expect.poll(() => other.app.getHttpServer().listening).toBe(true);
  await other.close();
  await cutOff;
});

it('publishes the schemas that parse its requests as its OpenAPI document', async () => {
  const document = (await (await fetch(`${url}/api/things/openapi.json`)).json()) as { openapi: string; paths: Record<string, { post?: { requestBody: unknown } }> };
  expect(document.openapi).toBe('3.1.0');
  expect(JSON.stringify(document.paths['/things']?.post?.requestBody)).toContain('quantity');
});
