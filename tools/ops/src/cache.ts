import { Cache } from '@shopfleet/cache';
import { RedisCacheClient } from '@shopfleet/redis';
import { UsageError, type CommandLine } from './command-line.ts';
import type { Context } from './context.ts';

/**
 * cache clear PATTERN: every tag that the pattern matches is invalidated as the services themselves do it, so that the
 * memory of each worker forgets as well.
 */
export async function cacheClear({ surroundings, print, audit }: Context, { words, json }: CommandLine): Promise<void> {
  const pattern = words[2];
  if (words[1] !== 'clear' || pattern === undefined || !/^[\w:*?.-]{1,200}$/u.test(pattern)) throw new UsageError("Say what to clear: cache clear 'product:*', cache clear lists, cache clear '*'.");
  const redis = new RedisCacheClient(surroundings.redisCache);
  try {
    const byNamespace = new Map<string, string[]>();
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `cache:*:generation:${pattern}`, 'COUNT', 1_000);
      for (const key of keys) {
        const [, namespace = '', tag = ''] = /^cache:([^:]+):generation:(.+)$/u.exec(key) ?? [];
        if (tag !== '') byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), tag]);
      }
      cursor = next;
    } while (cursor !== '0');
    const tags = [...byNamespace.values()].flat();
    await audit('ops.cache-clear', pattern, { tags: tags.length });
    for (const [namespace, found] of byNamespace) {
      const cache = new Cache({ namespace, client: redis });
      for (let from = 0; from < found.length; from += 500) await cache.invalidate(found.slice(from, from + 500));
      await cache.drain();
    }
    print(json ? JSON.stringify({ cleared: tags }) : tags.length === 0 ? `No cached answer depends on ${pattern}.` : `${tags.length} tags are cleared; the edge follows within 2 s.`);
  } finally {
    await redis.onApplicationShutdown();
  }
}
