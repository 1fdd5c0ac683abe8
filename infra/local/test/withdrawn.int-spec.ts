import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveInstance } from '../instance.ts';
import { Pm2 } from '../pm2.ts';
import { writeRunFile } from '../run-file.ts';
import { ensureSecrets } from '../secrets.ts';
import type { RunningServer } from '../servers/index.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'withdrawn-'));
const instance = resolveInstance({ SHOPFLEET_INSTANCE: 'withdrawn', SHOPFLEET_PORT_OFFSET: '9930', SHOPFLEET_DATA_DIR: dataDir });
const pm2 = new Pm2(instance);
// The simulator asks none of them.
const servers = Object.entries({ mongod: 'mongodb', 'redis-cache': 'redis', 'redis-state': 'redis', rabbitmq: 'amqp' }).map(
  ([name, scheme]): RunningServer => ({ name, kind: 'env', url: `${scheme}://127.0.0.1:9`, port: 9, logFile: '' }),
);
const app = 'payment-simulator';
const told = (environment: NodeJS.ProcessEnv): void => void writeRunFile(instance, servers, ensureSecrets(path.join(dataDir, 'secrets.json')), environment);

/** What the running process was given. */
async function environmentOf(): Promise<string> {
  const pid = (await pm2.ownProcesses()).find(({ name }) => name === app)?.pid ?? 0;
  expect(pid).toBeGreaterThan(1);
  return execFileSync('ps', ['eww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
}

beforeAll(async () => {
  told({ PAYMENT_LATENCY_MS: '7' });
  await pm2.start([app]);
});
afterAll(async () => {
  await pm2.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('a variable that is withdrawn is gone from the process after the next start, and after a reload', async () => {
  expect(await environmentOf()).toMatch(/ PAYMENT_LATENCY_MS=7 /u);
  told({});
  await pm2.start([app]);
  expect(await environmentOf()).not.toMatch(/ PAYMENT_LATENCY_MS=\S/u);
  told({ PAYMENT_LATENCY_MS: '9' });
  await pm2.reload([app]);
  expect(await environmentOf()).toMatch(/ PAYMENT_LATENCY_MS=9 /u);
  told({});
  await pm2.reload([app]);
  expect(await environmentOf()).not.toMatch(/ PAYMENT_LATENCY_MS=\S/u);
});
