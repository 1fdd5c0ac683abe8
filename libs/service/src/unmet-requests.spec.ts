import { once } from 'node:events';
import { connect } from 'node:net';
import { Body, Controller, Get, HttpCode, Module, Param, Patch, Post, Query } from '@nestjs/common';
import { parseEnvironment, serviceEnvironment } from '@shopfleet/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createService, type Service } from './create-service.ts';
import { ServiceModule } from './service.module.ts';

const config = parseEnvironment(z.object({ ...serviceEnvironment }), { PORT: '0', INTERNAL_TOKEN: 'a-token-of-the-tests', NODE_ENV: 'test', LOG_LEVEL: 'silent' });
const listSchema = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20), sort: z.enum(['name', 'price']).default('name') });
const deskSchema = z.strictObject({
  name: z.string().min(1).max(10), feet: z.int().min(3), email: z.email(), colours: z.array(z.string()).min(1), sold: z.boolean(), since: z.iso.datetime(), code: z.string().regex(/^[A-Z]+$/u, 'must be capitals'),
});

@Controller('api/desks')
class DesksController {
  @Get()
  list(@Query({ schema: listSchema }) query: z.infer<typeof listSchema>): unknown {
    return query;
  }

  @Post()
  @HttpCode(201)
  create(@Body({ schema: deskSchema }) desk: z.infer<typeof deskSchema>): unknown {
    return desk;
  }

  @Get(':id')
  get(@Param('id') id: string): unknown {
    return { id };
  }

  @Patch(':id/feet')
  saw(): unknown {
    return {};
  }
}

@Controller('internal/desks')
class InternalDesksController {
  @Post()
  count(): unknown {
    return {};
  }
}

@Module({ imports: [ServiceModule.forRoot({ config })], controllers: [DesksController, InternalDesksController] })
class DesksModule {}

let service: Service;
let url: string;
beforeAll(async () => {
  service = await createService({ name: 'desk', plural: 'desks', title: 'Desks', module: DesksModule, config });
  url = await service.listen(0);
});
afterAll(() => service.close());

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}
const call = async (path: string, method = 'GET', body?: unknown): Promise<{ status: number; allow: string | null; problem: Problem }> => {
  const response = await fetch(`${url}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
  return { status: response.status, allow: response.headers.get('allow'), problem: (await response.json()) as Problem };
};

describe('an address', () => {
  it.each([
    ['DELETE', '/api/desks', 'GET, HEAD, POST'],
    ['POST', '/api/desks/7', 'GET, HEAD'],
    ['GET', '/api/desks/7/feet', 'PATCH'],
    ['PUT', '/health', 'GET, HEAD'],
  ])('that is known answers %s %s by the methods it has', async (method, path, methods) => {
    const { status, allow, problem } = await call(`${path}?x=1`, method);
    expect([status, allow, problem.code, problem.instance]).toEqual([405, methods, 'method-not-allowed', path]);
    expect(problem.detail).toContain(methods);
  });

  it.each(['/api/nothing', '/api/desks/7/legs', '/api/desks/', '/', '/internal/desks', '/metrics/x'])('that is not known (%s) is not found', async (path) => {
    const { status, allow, problem } = await call(path);
    expect([status, allow, problem.code]).toEqual([404, null, 'not-found']);
    expect(problem.detail).not.toContain('Cannot');
  });
});

describe('a parameter of the query', () => {
  it('is refused by a route that has none, whatever its name', async () => {
    const { status, problem } = await call('/api/desks/7?verbose=1&q[$gt]=&__proto__=1');
    expect([status, problem.code]).toEqual([400, 'validation-failed']);
    expect(problem.errors?.map(({ pointer, message }) => [pointer, message])).toEqual([
      ['/verbose', 'is not known here'], ['/q[$gt]', 'is not known here'], ['/__proto__', 'is not known here'],
    ]);
  });

  it('is taken by a route that has it, and a bare ? is none', async () => {
    expect((await call('/api/desks?limit=2')).status).toBe(200);
    expect((await call('/api/desks/7?')).status).toBe(200);
    expect((await call('/health?probe=1')).status).toBe(200);
  });
});

describe('what is wrong with a field', () => {
  it('is said as a sentence that a person understands', async () => {
    expect((await call('/api/desks?limit=many')).problem.detail).toBe('Correct and send again: limit: must be a number.');
    expect((await call('/api/desks?limit=2.5')).problem.detail).toBe('Correct and send again: limit: must be a whole number.');
    expect((await call('/api/desks?limit=0&sort=size')).problem.detail).toBe('Correct and send again: limit: must be at least 1; sort: must be one of name, price.');
    const { problem } = await call('/api/desks', 'POST', { name: '', feet: '4', email: 'x', colours: [], sold: 1, since: 'now', code: 'a' });
    expect(Object.fromEntries((problem.errors ?? []).map(({ pointer, message }) => [pointer.slice(1), message]))).toEqual({
      name: 'must not be empty', feet: 'must be a number', email: 'must be an e-mail address', colours: 'must not be empty', sold: 'must be true or false',
      since: 'must be a moment such as 2026-11-20T10:15:30Z', code: 'must be capitals',
    });
    const missing = await call('/api/desks', 'POST', {});
    expect(new Set(missing.problem.errors?.map(({ message }) => message))).toEqual(new Set(['is missing']));
    expect((await call('/api/desks', 'POST', [])).problem.detail).toBe('Correct and send again: the whole: must be an object.');
  });
});

describe('a body that is nested without end', () => {
  it('is refused at the cost of its length, not of the square of its depth', async () => {
    const depth = 200_000;
    for (const text of ['['.repeat(depth) + ']'.repeat(depth), `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, `${'{"a":'.repeat(50_000)}{"constructor":1}${'}'.repeat(50_000)}`]) {
      const response = await fetch(`${url}/api/desks`, { method: 'POST', body: text, headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(8_000) });
      expect(response.status).toBe(400);
      expect((await response.text()).length).toBeLessThan(10_000);
    }
  });
});

describe('what Node cannot read', () => {
  const exchange = async (text: string): Promise<string> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.write(text);
    await once(socket, 'close');
    return answer;
  };

  it.each([
    ['a control character in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX: \u0001\r\n\r\n', 400],
    ['a method that is none', 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['headers of 50 kB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(50_000)}\r\n\r\n`, 431],
  ])('is a problem too: %s', async (_what, text, status) => {
    const [head = '', body = ''] = (await exchange(text)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `, 'u'));
    expect(head).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code: 'validation-failed' });
  });

  it('is not what four headers of 8 kB are, which nginx lets through', async () => {
    const headers = Array.from({ length: 4 }, (_, i) => `X-${i}: ${'x'.repeat(8_000)}\r\n`).join('');
    expect(await exchange(`GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`)).toMatch(/^HTTP\/1\.1 200 /u);
  });
});
