import { existsSync, mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyRequest } from 'fastify';
import { afterEach, expect, it, vi } from 'vitest';
import { openAccessLog, type AccessLog } from './access-log.ts';
import { createLogger } from './logger.ts';

const file = path.join(mkdtempSync(path.join(tmpdir(), 'access-')), 'order.log');
let log: AccessLog;
afterEach(() => log.close());
const answered = (id: string, url: string): [FastifyRequest, number, number] => [{ id, method: 'GET', url } as FastifyRequest, 200, 1.6];
const lines = (name: string): { path: string; requestId: string }[] => (existsSync(name) ? readFileSync(name, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { path: string; requestId: string }) : []);

it('writes a JSON line per request, without the query', async () => {
  log = openAccessLog({ service: 'order', worker: 3, file, logger: createLogger('order', 3, 'info') });
  log.write(...answered('request-1', '/api/orders/"x"?token=canary'));
  await vi.waitFor(() => expect(lines(file)).toHaveLength(1), { timeout: 5_000 });
  expect(lines(file)[0]).toMatchObject({ level: 'info', service: 'order', worker: 3, requestId: 'request-1', method: 'GET', path: '/api/orders/"x"', status: 200, ms: 2, msg: 'request', time: expect.stringMatching(/^\d{4}-.*Z$/u) as string });
  expect(readFileSync(file, 'utf8')).not.toContain('canary');
});

it('goes on in a new file when the old one was put aside', async () => {
  log = openAccessLog({ service: 'order', worker: 3, file, logger: createLogger('order', 3, 'info') });
  renameSync(file, `${file}.1`);
  await vi.waitFor(
    () => {
      log.write(...answered('request-2', '/api/orders'));
      expect(lines(file).length).toBeGreaterThan(0);
    },
    { timeout: 8_000, interval: 300 },
  );
});

it('writes nothing where the level is above info', () => {
  const quiet = path.join(path.dirname(file), 'quiet.log');
  log = openAccessLog({ service: 'order', worker: 3, file: quiet, logger: createLogger('order', 3, 'warn') });
  log.write(...answered('request-3', '/'));
  expect(existsSync(quiet)).toBe(false);
});
