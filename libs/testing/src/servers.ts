import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerName } from '@shopfleet/local';
import { inject } from 'vitest';
import { eventually } from './eventually.ts';

/** URI of a MongoDB database that no other test uses; it is made by its first write.
 * @example const { app } = await createService({ …, config: { MONGODB_URI: freshDatabase() } }); */
export function freshDatabase(): string {
  const url = new URL(inject('servers').mongodb);
  url.pathname = `/test_${randomBytes(6).toString('hex')}`;
  return url.href;
}

/**
 * URL of a logical Redis database that no other test uses, empty. Channels of publish/subscribe are not divided by
 * databases: give them names of your own where that matters.
 */
export async function freshRedis(role: 'cache' | 'state'): Promise<string> {
  const { index } = await control<{ index: number }>('redis-database', `redis-${role}`);
  const url = new URL(role === 'cache' ? inject('servers').redisCache : inject('servers').redisState);
  url.pathname = `/${index}`;
  return url.href;
}

/** AMQP URL of a RabbitMQ virtual host that no other test uses, empty. */
export async function freshVhost(): Promise<string> {
  const { rabbitmq, rabbitmqManagement } = inject('servers');
  const name = `test-${randomBytes(6).toString('hex')}`;
  const { username } = new URL(rabbitmq);
  await eventually(async () => {
    await putManagement(rabbitmqManagement, `/api/vhosts/${name}`, {});
    await putManagement(rabbitmqManagement, `/api/permissions/${name}/${username}`, { configure: '.*', write: '.*', read: '.*' });
  }, { timeoutMs: 20_000 });
  const url = new URL(rabbitmq);
  url.pathname = `/${name}`;
  return url.href;
}

async function putManagement(management: string, path: string, body: Record<string, string>): Promise<void> {
  const { username, password, origin } = new URL(management);
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const response = await fetch(`${origin}${path}`, { method: 'PUT', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`RabbitMQ answers ${response.status} to PUT ${path}: ${await response.text()}`);
}

/**
 * RabbitMQ notes a new quorum queue on disk half a second after it was declared; killed before that, it comes back with
 * a queue that never elects a leader. Queues of a shop are older than that, those of a test are not.
 */
const queueSettlesMs = 1500;

/**
 * Ends a server at once, as a power cut would. Bring it back by `restartServer` in the same test, in `afterEach` at the
 * latest: the test files behind yours use it too.
 * @example
 * await killServer('rabbitmq');
 * await restartServer('rabbitmq');
 */
export async function killServer(name: ServerName): Promise<void> {
  if (name === 'rabbitmq') await pause(queueSettlesMs);
  await control('kill', name);
}

/** Brings a killed server back on the same port with its data; resolves when it answers. */
export async function restartServer(name: ServerName): Promise<void> {
  await control('restart', name);
}

async function control<T>(action: string, name: string): Promise<T> {
  const { url, token } = inject('serverControl');
  const response = await fetch(`${url}/${action}/${name}`, { method: 'POST', headers: { 'x-control-token': token } });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}
