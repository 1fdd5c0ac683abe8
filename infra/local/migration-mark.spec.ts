import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { resolveInstance } from './instance.ts';
import { serversDir } from './inspect.ts';
import { forgetLostMigrations, forgetMigrations, isMigrated, noteMigrated } from './migration-mark.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'migrations-'));
const instance = resolveInstance({ SHOPFLEET_DATA_DIR: folder });
const dataOf = (server: string): string => path.join(serversDir(instance), server, 'data');

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('what was migrated is migrated again after a restore, and where a server has lost its data', () => {
  for (const server of ['mongod', 'rabbitmq']) mkdirSync(dataOf(server), { recursive: true });
  noteMigrated(instance, 'one');
  forgetLostMigrations(instance);
  expect([isMigrated(instance, 'one'), isMigrated(instance, 'another')]).toEqual([true, false]);
  forgetMigrations(instance);
  expect(isMigrated(instance, 'one')).toBe(false);
  noteMigrated(instance, 'one');
  rmSync(dataOf('rabbitmq'), { recursive: true });
  forgetLostMigrations(instance);
  expect(isMigrated(instance, 'one')).toBe(false);
});
