import { setTimeout as delay } from 'node:timers/promises';
import { Body, Catch, Controller, HttpCode, Module, Post, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppError } from '@shopfleet/kernel';
import { migrate, MongoModule } from '@shopfleet/mongo';
import { eventually, freshDatabase } from '@shopfleet/testing';
import type { FastifyReply } from 'fastify';
import { MongoClient, type Collection } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CurrentIntent, Idempotent, IdempotencyModule, idempotencyIndexes, type Intent } from '../src/index.ts';
import { leaseMs, type KeyRow } from '../src/idempotency.store.ts';

const effects: { key: string; body: unknown }[] = [];
let failWith: AppError | undefined;
let handlerMs = 0;

@Controller('things')
class ThingsController {
  @Post()
  @Idempotent()
  async make(@Body() body: unknown, @CurrentIntent() { key }: Intent): Promise<{ made: number }> {
    if (handlerMs > 0) await delay(handlerMs);
    if (failWith) throw failWith;
    effects.push({ key, body });
    return { made: effects.length };
  }

  @Post('accept')
  @HttpCode(202)
  @Idempotent()
  accept(): { accepted: true } {
    return { accepted: true };
  }
}

@Catch(AppError)
class Problems implements ExceptionFilter<AppError> {
  catch({ status, code, retryAfterSeconds }: AppError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
    void reply.status(status).type('application/problem+json').send({ code });
  }
}

let app: NestFastifyApplication;
let client: MongoClient;
let rows: Collection<KeyRow>;
let url: string;

beforeAll(async () => {
  const uri = freshDatabase();
  await migrate(uri, idempotencyIndexes);
  client = await MongoClient.connect(uri);
  rows = client.db().collection('idempotency_keys');
  const principalOf = ({ headers }: { headers: Record<string, unknown> }): string | undefined => (typeof headers['x-user'] === 'string' ? headers['x-user'] : undefined);
  @Module({ imports: [MongoModule.forRoot({ uri, appName: 'idempotency' }), IdempotencyModule.forRoot({ principalOf: { useFactory: () => principalOf } })], controllers: [ThingsController] })
  class AppModule {}
  app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: ['error'] });
  app.useGlobalFilters(new Problems());
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await client.close();
});

interface Sent {
  status: number;
  text: string;
  headers: Headers;
}
let used = 0;
const aKey = (): string => `key-${(used += 1)}`;
const send = async (key: string | undefined, body: object = { n: 1 }, { user = 'ann' as string | null, path = '/things', signal = undefined as AbortSignal | undefined } = {}): Promise<Sent> => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }), ...(user !== null && { 'x-user': user }) },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
};
const failingWith = async <T>(error: AppError, run: () => Promise<T>): Promise<T> => {
  failWith = error;
  try {
    return await run();
  } finally {
    failWith = undefined;
  }
};
const taking = async <T>(milliseconds: number, run: () => Promise<T>): Promise<T> => {
  handlerMs = milliseconds;
  try {
    return await run();
  } finally {
    handlerMs = 0;
  }
};

describe('@Idempotent()', () => {
  it.each([['missing', undefined], ['empty', ''], ['longer than 255', 'x'.repeat(256)]])('refuses a key that is %s', async (_, key) => {
    expect(await send(key)).toMatchObject({ status: 400, text: '{"code":"validation-failed"}' });
  });

  it('refuses people it cannot tell apart', async () => {
    expect(await send(aKey(), {}, { user: null })).toMatchObject({ status: 401 });
  });

  it('repeats the first answer and makes no second effect', async () => {
    const key = aKey();
    const first = await send(key, { a: 1, b: 2 });
    const before = effects.length;
    const again = await send(key, { b: 2, a: 1 });
    expect({ status: again.status, text: again.text }).toEqual({ status: first.status, text: first.text });
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
    expect(effects).toHaveLength(before);
  });

  it('repeats a status of its own', async () => {
    const key = aKey();
    expect(await send(key, {}, { path: '/things/accept' })).toMatchObject({ status: 202 });
    expect(await send(key, {}, { path: '/things/accept' })).toMatchObject({ status: 202, text: '{"accepted":true}' });
  });

  it('refuses another body under the key', async () => {
    const key = aKey();
    await send(key, { n: 1 });
    expect(await send(key, { n: 2 })).toMatchObject({ status: 422, text: '{"code":"idempotency-mismatch"}' });
  });

  it('keeps the keys of people and of routes apart', async () => {
    const key = aKey();
    const [one, other] = [await send(key), await send(key, { n: 2 }, { user: 'bob' })];
    expect([one.status, other.status, (await send(key, {}, { path: '/things/accept' })).status]).toEqual([201, 201, 202]);
    expect(effects.at(-1)?.key).not.toBe(effects.at(-2)?.key);
  });

  it('says so while the first request is running', async () => {
    const key = aKey();
    const [first, second] = await taking(300, async () => {
      const running = send(key);
      await eventually(async () => expect(await rows.countDocuments({ state: 'in-flight' })).toBeGreaterThan(0));
      return [running, await send(key)] as const;
    });
    expect(second).toMatchObject({ status: 409, text: '{"code":"idempotency-in-flight"}' });
    expect(second.headers.get('retry-after')).toBe('1');
    expect((await first).status).toBe(201);
  });

  it.each(['validation-failed', 'unauthenticated', 'forbidden', 'rate-limited', 'internal', 'dependency-unavailable'] as const)('does not keep %s', async (code) => {
    const key = aKey();
    const refused = await failingWith(new AppError(code, { detail: 'no' }), () => send(key));
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(await send(key)).toMatchObject({ status: 201 });
  });

  it.each(['payment-declined', 'not-found', 'out-of-stock'] as const)('keeps %s', async (code) => {
    const key = aKey();
    const refused = await failingWith(new AppError(code, { detail: 'no' }), () => send(key));
    const again = await send(key);
    expect({ status: again.status, text: again.text }).toEqual({ status: refused.status, text: refused.text });
    expect(again.headers.get('content-type')).toContain('application/problem+json');
  });

  it('keeps the answer for a client that has hung up', async () => {
    const key = aKey();
    const before = effects.length;
    await taking(200, () => send(key, { n: 1 }, { signal: AbortSignal.timeout(50) }).catch(() => undefined));
    await eventually(async () => expect((await send(key)).headers.get('idempotency-replayed')).toBe('true'));
    expect(effects).toHaveLength(before + 1);
  });

  it('lets the key of a dead worker be taken over after its lease, with the same effect key', async () => {
    const key = aKey();
    await send(key);
    const effectKey = effects.at(-1)?.key ?? '';
    const abandon = async (ageMs: number): Promise<void> => {
      await rows.updateOne({ _id: effectKey }, { $set: { state: 'in-flight', owner: 'dead', renewedAt: new Date(Date.now() - ageMs) }, $unset: { answer: true } });
    };
    await abandon(leaseMs / 2);
    expect(await send(key)).toMatchObject({ status: 409 });
    await abandon(leaseMs + 1000);
    const answers = await Promise.all([send(key), send(key), send(key)]);
    expect(answers.filter(({ status, headers }) => status === 201 && headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(effects.at(-1)?.key).toBe(effectKey);
  });

  it('holds its claim however long the work takes', async () => {
    const key = aKey();
    const before = effects.length;
    const [first, second] = await taking(leaseMs + 1500, async () => {
      const running = send(key);
      await delay(leaseMs + 700);
      return [running, await send(key)] as const;
    });
    expect(second.status).toBe(409);
    expect((await first).status).toBe(201);
    expect(effects).toHaveLength(before + 1);
  });

  it('lets one of many at once work', async () => {
    const key = aKey();
    const before = effects.length;
    const answers = await taking(50, () => Promise.all(Array.from({ length: 50 }, () => send(key))));
    expect(effects).toHaveLength(before + 1);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1);
  });

  it('forgets keys after 24 hours', async () => {
    const [row] = await rows.find({ state: 'answered' }).sort({ expiresAt: -1 }).limit(1).toArray();
    expect((row?.expiresAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
    expect(await rows.indexes()).toContainEqual(expect.objectContaining({ name: 'expires', expireAfterSeconds: 0 }));
  });
});
