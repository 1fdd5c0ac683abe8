import { generateKeyPairSync } from 'node:crypto';
import { RabbitMqStrategy } from '@shopfleet/messaging';
import { createService, type Service } from '@shopfleet/service';
import { eventually, freshDatabase, freshRedis, freshVhost, inject } from '@shopfleet/testing';
import type { Collection, Document } from 'mongodb';
import { MongoClient } from 'mongodb';
import type { SigningKey } from '../src/config.ts';

export const publicUrl = 'https://localhost:8080';
export const internalToken = 'internal-token-of-the-tests';
export const tokenSecret = 'a secret of the tests, 32 characters or more';

/** A new Ed25519 key in the form of AUTH_SIGNING_KEYS. */
export function newSigningKey(kid: string): SigningKey {
  return { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid } as SigningKey;
}

export const signingKey = newSigningKey('first');

/** The auth service in this process, on servers of its own, with what tests look at from outside. */
export interface AuthService {
  readonly url: string;
  readonly service: Service;
  readonly amqpUrl: string;
  collection<T extends Document = Document>(name: string): Collection<T>;
  close(): Promise<void>;
}

/** Starts it; once in each test file, since configuration is read once in a process. */
export async function startAuthService(): Promise<AuthService> {
  const mongoUri = freshDatabase();
  const amqpUrl = await freshVhost();
  Object.assign(process.env, {
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'silent',
    PUBLIC_URL: publicUrl,
    INTERNAL_TOKEN: internalToken,
    ALLOWED_ORIGINS: 'https://shop.example.com',
    MONGODB_URI: mongoUri,
    RABBITMQ_URL: amqpUrl,
    REDIS_CACHE_URL: await freshRedis('cache'),
    REDIS_STATE_URL: await freshRedis('state'),
    AUTH_SIGNING_KEYS: JSON.stringify([signingKey]),
    AUTH_TOKEN_SECRET: tokenSecret,
  });
  await import('../src/migrate.ts');
  const [{ AppModule }, { config }] = await Promise.all([import('../src/app.module.ts'), import('../src/config.ts')]);
  const service = await createService({ name: 'auth', plural: 'auth', title: 'Accounts and logins', module: AppModule, config, transport: RabbitMqStrategy });
  const url = await service.listen(0);
  const mongo = await MongoClient.connect(mongoUri);
  return {
    url,
    service,
    amqpUrl,
    collection: (name) => mongo.db().collection(name),
    close: async () => {
      await service.close();
      await mongo.close();
    },
  };
}

export interface EventTap {
  read(): Promise<{ type: string; data: Record<string, unknown> }[]>;
  /** Publishes an event as another service would. */
  publish(envelope: { readonly type: string }): Promise<void>;
}

/** A queue that gets a copy of every event, read by RabbitMQ's HTTP API. */
export async function tapEvents(amqpUrl: string): Promise<EventTap> {
  const management = new URL(inject('servers').rabbitmqManagement);
  const vhost = encodeURIComponent(new URL(amqpUrl).pathname.slice(1));
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(management.username)}:${decodeURIComponent(management.password)}`).toString('base64')}`;
  const call = async (method: string, path: string, body: unknown): Promise<string> => {
    const answer = await fetch(`${management.origin}/api/${path}`, { method, headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text;
  };
  await call('PUT', `queues/${vhost}/tap`, { durable: false });
  // The service declares the exchange when its connection is up.
  await eventually(() => call('POST', `bindings/${vhost}/e/shop.events/q/tap`, { routing_key: '#' }), { timeoutMs: 10_000 });
  return {
    read: async () => {
      const messages = JSON.parse(await call('POST', `queues/${vhost}/tap/get`, { count: 100, ackmode: 'ack_requeue_true', encoding: 'auto' })) as { payload: string }[];
      return messages.map(({ payload }) => JSON.parse(payload) as { type: string; data: Record<string, unknown> });
    },
    publish: async (envelope) => {
      const message = { routing_key: envelope.type, payload: JSON.stringify(envelope), payload_encoding: 'string', properties: { content_type: 'application/json', delivery_mode: 2 } };
      await call('POST', `exchanges/${vhost}/shop.events/publish`, message);
    },
  };
}
