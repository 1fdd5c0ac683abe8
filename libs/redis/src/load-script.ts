import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { asUnavailable } from './redis-unavailable.ts';

/** What a script takes beside its keys; numbers arrive in Lua as strings. */
export type ScriptArgument = string | number | Buffer;

/** A Lua script bound to a client. Rejects with AppError `dependency-unavailable` when Redis cannot serve. */
export type Script<Reply> = (keys: readonly string[], ...args: readonly ScriptArgument[]) => Promise<Reply>;

const INCLUDE = /^--- @include "(?<path>[^"]+)"$/gm;

/**
 * Reads a Lua file and binds it to a client, called by EVALSHA and sent whole only when the server does not know it
 * (first call, or after a restart). A line `--- @include "./part.lua"` is replaced by that file.
 *
 * @param options `keys`: how many keys the script takes (a call with another number throws a RangeError), or `any`.
 * @typeParam Reply what the header of the script promises; RESP3 integers arrive as numbers, `false` as null.
 * @throws Error at load when the file cannot be read.
 * @example
 * const take = loadScript<number>(client, new URL('../../lua/take.lua', import.meta.url), { keys: 1 });
 * const left = await take(['stock:1'], 2);
 */
export function loadScript<Reply>(client: Redis, url: URL, options: { readonly keys: number | 'any' }): Script<Reply> {
  const source = readWithIncludes(url);
  const sha = createHash('sha1').update(source).digest('hex');
  return async (keys, ...args) => {
    if (options.keys !== 'any' && keys.length !== options.keys) {
      throw new RangeError(`${url.pathname} takes ${options.keys} keys, ${keys.length} were given`);
    }
    try {
      return (await client.evalsha(sha, keys.length, ...keys, ...args)) as Reply;
    } catch (error) {
      // NOSCRIPT means that nothing ran, so sending the source is no second run.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw asUnavailable(error);
    }
    try {
      return (await client.eval(source, keys.length, ...keys, ...args)) as Reply;
    } catch (error) {
      throw asUnavailable(error);
    }
  };
}

function readWithIncludes(url: URL): string {
  return readFileSync(url, 'utf8').replaceAll(INCLUDE, (_line, path: string) => readWithIncludes(new URL(path, url)));
}
