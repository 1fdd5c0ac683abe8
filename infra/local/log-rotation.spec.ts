import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { resolveInstance } from './instance.ts';
import { rotateLogs } from './log-rotation.ts';

it('puts a grown log aside, packs it when nobody writes into it any more and keeps as many as it is told', async () => {
  const instance = resolveInstance({ SHOPFLEET_DATA_DIR: mkdtempSync(path.join(tmpdir(), 'logs-')), SHOPFLEET_INSTANCE: 'logs' });
  const logs = path.join(instance.dataDir, 'logs', 'nginx');
  mkdirSync(logs, { recursive: true });
  const log = path.join(logs, 'access.log');
  const rotation = { maxBytes: 10, keep: 2, quietMs: 600_000 };
  for (const text of ['the first lines', 'the second lines', 'the third lines', 'the fourth lines']) {
    writeFileSync(log, text);
    expect(await rotateLogs(instance, rotation)).toEqual([log]);
    expect(existsSync(log)).toBe(false);
  }
  writeFileSync(log, 'short');
  expect(await rotateLogs(instance, rotation)).toEqual([]);
  expect(readdirSync(logs).sort()).toEqual(['access.log', 'access.log.1', 'access.log.2']);
  await rotateLogs(instance, { ...rotation, quietMs: 0 });
  expect(readdirSync(logs).sort()).toEqual(['access.log', 'access.log.1.gz', 'access.log.2.gz']);
  expect(gunzipSync(readFileSync(`${log}.1.gz`)).toString()).toBe('the fourth lines');
});
