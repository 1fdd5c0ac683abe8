import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { findLines } from './log-files.ts';
import { formatLine, momentOf } from './log-line.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'logs-'));
mkdirSync(path.join(folder, 'nginx'));
const pino = (time: string, service: string, more: object): string => `${JSON.stringify({ level: 'info', time, service, worker: 1, pid: 7, ...more })}\n`;
writeFileSync(path.join(folder, 'order-service.log'), `[PM2] not JSON\n${pino('2026-11-27T08:00:00.120Z', 'order', { requestId: 'request-1', method: 'POST', path: '/api/orders', status: 201, ms: 90, msg: 'request' })}${pino('2026-11-27T08:00:05.000Z', 'order', { requestId: 'request-2', msg: 'other' })}`);
writeFileSync(path.join(folder, 'product-service.log.1.gz'), gzipSync(pino('2026-11-27T08:00:00.060Z', 'product', { requestId: 'request-1', level: 'warn', context: 'Inventory', msg: 'held' })));
writeFileSync(path.join(folder, 'nginx', 'access.log'), `${JSON.stringify({ time: '2026-11-27T08:00:00+00:00', msec: Date.parse('2026-11-27T08:00:00.127Z') / 1_000, requestId: 'request-1', trace: 't1', method: 'POST', path: '/api/orders', status: 201, seconds: 0.125, upstream: '127.0.0.1:5401', cache: '' })}\n`);

it('follows one request through gateway and services, rotated logs included, oldest first', async () => {
  const lines = await findLines(folder, { request: 'request-1' });
  expect(lines.map((line) => formatLine(line, { withRequest: false }))).toEqual([
    '2026-11-27 08:00:00.002 nginx            info  POST /api/orders 201 in 0.125 s by 127.0.0.1:5401',
    '2026-11-27 08:00:00.060 product/1        warn  [Inventory] held',
    '2026-11-27 08:00:00.120 order/1          info  POST /api/orders 201 in 90 ms',
  ]);
});

it.each([
  [{ service: 'order-service' }, 2],
  [{ level: 'warn' }, 1],
  [{ trace: 't1' }, 1],
  [{ contains: 'HELD' }, 1],
  [{ since: Date.parse('2026-11-27T08:00:01Z') }, 1],
])('finds by %o', async (filter, count) => {
  expect(await findLines(folder, filter)).toHaveLength(count);
});

it('understands how long ago', () => {
  expect([momentOf('5m', 1_000_000), momentOf('1970-01-01T00:00:01Z')]).toEqual([700_000, 1_000]);
  expect(momentOf('yesterday')).toBeUndefined();
});
