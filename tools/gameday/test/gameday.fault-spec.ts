import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '@shopfleet/shoppers';
import { nodeProgram, projectFolder, resolveInstance } from '@shopfleet/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gameDays, play } from '../src/play.ts';

// A whole shop of its own under PM2 and nginx, beside one that may run.
const environment = { ...process.env, SHOPFLEET_INSTANCE: 'faults', SHOPFLEET_PORT_OFFSET: process.env['FAULT_PORT_OFFSET'] ?? '12000', SHOPFLEET_SEED: 'tiny', LOADTEST_CIDR: '127.0.0.1/32', MAX_WORKERS: '2', PM2_HOME: '', SHOPFLEET_DATA_DIR: '' };
const instance = resolveInstance(environment);
const seed = Number(process.env['FAULT_SEED'] ?? 42);

function local(command: 'start' | 'stop'): void {
  const { status, stdout, stderr } = spawnSync(nodeProgram(), [join(projectFolder, 'infra/local/cli.ts'), command], { env: environment, encoding: 'utf8', timeout: 280_000 });
  if (status !== 0) throw new Error(`npm ${command}: ${stdout}${stderr}`);
}

beforeAll(() => {
  local('stop');
  rmSync(instance.dataDir, { recursive: true, force: true });
  local('start');
}, 300_000);
afterAll(() => {
  local('stop');
  rmSync(instance.dataDir, { recursive: true, force: true });
}, 120_000);

describe(`game days (seed ${seed})`, () => {
  it.each(gameDays.map((day) => [day.name, day] as const))('%s', async (_name, day) => {
    const told: string[] = [];
    const verdicts = await play(day, instance, { print: (text) => told.push(text), random: seeded(seed) });
    expect(verdicts.length).toBeGreaterThan(4);
    expect(verdicts.filter(({ holds }) => !holds).map(({ promise, figure }) => `${promise}: ${figure}`), told.join('\n')).toEqual([]);
  }, 300_000);
});

it('a drill restores it beside itself', () => {
  const { status, stdout, stderr } = spawnSync(nodeProgram(), [join(projectFolder, 'tools/backup/drill.ts')], { env: environment, encoding: 'utf8', timeout: 280_000 });
  expect(stdout + stderr).toContain('nothing differs');
  expect(status).toBe(0);
}, 300_000);
