import { fileURLToPath } from 'node:url';
import { AccessTokenVerifier } from '@shopfleet/identity';
import { freshDatabase, freshRedis, freshVhost, startWorker, type Worker } from '@shopfleet/testing';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SigningKey } from '../src/config.ts';
import { internalToken, newSigningKey, publicUrl, tokenSecret } from './auth-service.ts';
import { refreshTokenOf, Shopper, type Answer } from './shopper.ts';

const entry = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const [first, second] = [newSigningKey('first'), newSigningKey('second')];

let environment: Record<string, string>;
let mongo: MongoClient;
let worker: Worker | undefined;
let shopper: Shopper;

beforeAll(async () => {
  environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    PUBLIC_URL: publicUrl,
    INTERNAL_TOKEN: internalToken,
    MONGODB_URI: freshDatabase(),
    RABBITMQ_URL: await freshVhost(),
    REDIS_CACHE_URL: await freshRedis('cache'),
    REDIS_STATE_URL: await freshRedis('state'),
    AUTH_TOKEN_SECRET: tokenSecret,
  };
  mongo = await MongoClient.connect(environment['MONGODB_URI'] ?? '');
  Object.assign(process.env, environment, { PORT: '0', AUTH_SIGNING_KEYS: JSON.stringify([first]) });
  await import('../src/migrate.ts');
});

afterAll(async () => {
  await worker?.kill();
  await mongo.close();
});

/** Restarts auth as an operator does after a step of the rotation. */
async function restartWith(...keys: readonly SigningKey[]): Promise<void> {
  await worker?.kill('SIGTERM');
  worker = await startWorker(entry, { ...environment, AUTH_SIGNING_KEYS: JSON.stringify(keys) });
  // The same address ever after, as behind the gateway.
  environment['PORT'] = String(worker.port);
  shopper = new Shopper({ url: worker.url, collection: (name) => mongo.db().collection(name) });
}

const me = (token: string): Promise<Answer> => shopper.call('GET', '/api/auth/me', { token });
const kidOf = (token: string): unknown => (JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString()) as { kid: unknown }).kid;

it('changes the signing key in three steps, each with a restart, and nobody has to log in again', async () => {
  await restartWith(first);
  const { token: oldToken, cookie, userId } = await shopper.admitted('rotated@example.com');
  expect(kidOf(oldToken)).toBe('first');
  // Another service, which is not restarted and fetched its keys before anything changed.
  const elsewhere = new AccessTokenVerifier({ keys: new URL(`${worker?.url}/.well-known/jwks.json`), issuer: publicUrl, audience: 'shopfleet' });
  expect(await elsewhere.verify(oldToken)).toMatchObject({ userId });

  await restartWith(first, second);
  expect((await me(oldToken)).status).toBe(200);
  const duringToken = String((await shopper.login('rotated@example.com')).body['accessToken']);
  expect(kidOf(duringToken)).toBe('first');
  expect(await elsewhere.verify(duringToken)).toMatchObject({ userId });

  await restartWith(second, first);
  expect((await me(oldToken)).status).toBe(200);
  const refreshed = await shopper.call('POST', '/api/auth/refresh', { cookie });
  expect(refreshed.status).toBe(200);
  const newToken = String(refreshed.body['accessToken']);
  expect(kidOf(newToken)).toBe('second');
  expect((await me(newToken)).status).toBe(200);
  // The service elsewhere meets a key it has not seen and asks for the set again, at most every five seconds.
  await expect.poll(() => elsewhere.verify(newToken).then(({ userId: id }) => id, () => undefined), { timeout: 10_000, interval: 250 }).toBe(userId);
  expect(await elsewhere.verify(duringToken)).toMatchObject({ userId });

  await restartWith(second);
  expect((await me(newToken)).status).toBe(200);
  expect((await shopper.call('POST', '/api/auth/refresh', { cookie: refreshTokenOf(refreshed) })).status).toBe(200);
  expect((await me(oldToken)).status).toBe(401);
}, 120_000);
