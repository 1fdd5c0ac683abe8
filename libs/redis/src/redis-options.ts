import type { RedisOptions } from 'ioredis';

/** Replies come in the shapes of RESP2, which every version from 6 on gives. */
export type ClientOptions = RedisOptions & { replyMapping?: 'legacy' };

/**
 * Who is meant by a Redis URL, as options of a client. `sentinels` in the query names Sentinels that are asked who is primary
 * just now, and `name` what they call it.
 *
 * @example endpointOf('redis://:secret@redis-state:6379?sentinels=sentinel-1:26379,sentinel-2:26379&name=redis-state')
 */
export function endpointOf(url: string): ClientOptions {
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url);
  const sentinels = searchParams.get('sentinels')?.split(',').map((address) => ({ host: address.split(':', 1)[0] ?? '', port: Number(address.split(':')[1] ?? 26_379) }));
  return {
    host: hostname,
    port: port === '' ? 6379 : Number(port),
    db: pathname.length > 1 ? Number(pathname.slice(1)) : 0,
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
    ...(sentinels && { sentinels, name: searchParams.get('name') ?? hostname, role: 'master', sentinelRetryStrategy: retryDelay }),
  };
}

/** What a worker waits for one answer of Redis, in milliseconds; kept by CommandDeadlines, not by ioredis's commandTimeout. */
export const COMMAND_TIMEOUT_MS = 1_000;

/** A socket on which an answer is due and nothing comes for so long is given up, in milliseconds. */
const SOCKET_TIMEOUT_MS = 5_000;

const CONNECT_TIMEOUT_MS = 2_000;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;

/** Capped exponential back-off with jitter, so that many workers do not come back in one instant. */
export function retryDelay(attempt: number): number {
  const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2);
}

/**
 * The one client policy of the shop.
 *
 * A command is sent at most once: what was on the wire when a connection broke is rejected, not sent again, because
 * Redis may have carried it out (a second `add` would double a line). Callers that may repeat do so themselves.
 */
export function commandOptions(connectionName: string): ClientOptions {
  return {
    connectionName,
    socketTimeout: SOCKET_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Commands wait in memory only for the very first connection: RedisClient turns this off once it is ready.
    enableOfflineQueue: true,
    // A replica answers READONLY after a fail-over: the connection must move to the new primary.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    retryStrategy: retryDelay,
  };
}

/** For connections that listen or block: no command time-out, and subscriptions return after a reconnect. */
export function blockingOptions(connectionName: string): ClientOptions {
  return {
    connectionName,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: null,
    autoResubscribe: true,
    retryStrategy: retryDelay,
  };
}
