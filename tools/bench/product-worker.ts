import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RedisCacheClient } from '@shopfleet/redis';
import { Pool } from 'undici';
import type { BenchShop } from './bench-shop.ts';
import { percentile } from './table.ts';

export interface ProductWorker {
  readonly url: string;
  readonly pool: Pool;
  /** Resident memory in MiB. */
  readonly memory: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

const main = fileURLToPath(new URL('../../apps/product/dist/main.js', import.meta.url));

/** One more worker of the product service, over a database of its own; nginx does not know it. */
export async function startProductWorker(shop: BenchShop, mongodbUri: string, port: number, more: Readonly<Record<string, string>> = {}): Promise<ProductWorker> {
  const environment = { ...shop.environmentOf('product-service'), MONGODB_URI: mongodbUri, PORT: String(port), NODE_APP_INSTANCE: '0', LOADTEST_CIDR: '127.0.0.0/8', LOG_LEVEL: 'error', ...more };
  const child = spawn(process.execPath, [...shop.nodeArgsOf('product-service'), main], { env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    const response = await fetch(`${url}/health`).catch(() => undefined);
    if (response?.ok) break;
    if (attempt > 300 || child.exitCode !== null) throw new Error('the product worker did not start: build it first (npm run build)');
    await delay(100);
  }
  const pool = new Pool(url, { connections: 32 });
  return {
    url,
    pool,
    memory: async () => {
      const { readFile } = await import('node:fs/promises');
      return Number(/VmRSS:\s+(\d+)/u.exec(await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => ''))?.[1] ?? Number.NaN) / 1024;
    },
    stop: async () => {
      await pool.destroy();
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

/** Makes every cached answer of the product service unusable, as its own invalidation does. */
export async function forgetCached(shop: BenchShop): Promise<void> {
  const redis = new RedisCacheClient(shop.environmentOf('product-service')['REDIS_CACHE_URL'] ?? '');
  try {
    await redis.set('cache:product:generation:*', `bench-${Date.now()}-${Math.random()}`);
    await redis.publish('cache:product:invalidated', JSON.stringify(['*']));
  } finally {
    await redis.onApplicationShutdown();
  }
  await delay(200);
}

export interface Reading {
  readonly milliseconds: number[];
  readonly tiers: Readonly<Record<string, number>>;
  readonly bodies: readonly unknown[];
}

/** GETs the paths, so many at once, and says how long each took and which tier answered. */
export async function readAll(pool: Pool, paths: readonly string[], atOnce: number, keepBodies = false): Promise<Reading> {
  const milliseconds: number[] = [];
  const tiers: Record<string, number> = {};
  const bodies: unknown[] = [];
  let next = 0;
  const reader = async (): Promise<void> => {
    for (let index = next++; index < paths.length; index = next++) {
      const began = performance.now();
      const response = await pool.request({ path: paths[index] ?? '', method: 'GET' });
      const text = await response.body.text();
      milliseconds.push(performance.now() - began);
      if (response.statusCode !== 200) throw new Error(`${paths[index]} answered ${response.statusCode}: ${text.slice(0, 200)}`);
      const tier = String(response.headers['x-cache']);
      tiers[tier] = (tiers[tier] ?? 0) + 1;
      if (keepBodies) bodies[index] = JSON.parse(text);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
  return { milliseconds, tiers, bodies };
}

export const p95 = (reading: Reading): number => percentile(reading.milliseconds, 0.95);
