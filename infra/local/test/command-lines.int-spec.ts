import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { projectDir } from '../instance.ts';

const { scripts } = JSON.parse(readFileSync(`${projectDir}/package.json`, 'utf8')) as { scripts: Readonly<Record<string, string>> };
// What operators type; PATH begins with the Node that npm run would take.
// Others that go through infra/local/cli.ts are read by the same lines as these.
const commands = ['start', 'scale', 'logs', 'top', 'autoscaler', 'claims', 'ops', 'secrets', 'scan', 'seed', 'books', 'bench', 'load', 'invariants', 'backup', 'restore', 'drill', 'gameday', 'test:compose', 'test:faults', 'test:kubernetes', 'client', 'test:s3', 'test:stripe', 'secrets:files'];

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): { status: number | null; said: string; complained: string[] } {
  const [, ...script] = (scripts[command] ?? '').replace(/infra\/local\/bootstrap\.mjs (?!run )/u, 'infra/local/cli.ts ').split(' ');
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...args], { cwd: projectDir, encoding: 'utf8', timeout: 30_000, env: { ...process.env, ...environment } });
  return { status, said: stdout, complained: stderr.split('\n').filter((line) => line !== '') };
}

it.each(commands)('npm run %s says what it can do, and a wrong option in at most two lines without a stack', (command) => {
  const help = run(command, ['--help']);
  expect([help.status, help.complained]).toEqual([0, []]);
  expect(help.said.length).toBeGreaterThan(20);
  const wrong = run(command, ['--no-such-option']);
  expect([wrong.status, wrong.said]).toEqual([2, '']);
  expect(wrong.complained.length).toBeLessThanOrEqual(2);
  expect(wrong.complained.join('\n')).not.toMatch(/^\s+at /mu);
});

it('each of them goes through the launcher that completes a fresh clone', () => {
  const others = Object.entries(scripts).filter(([, script]) => script.startsWith('node ') && !/^node infra\/(?:local\/bootstrap|production\/production)\.mjs /u.test(script));
  expect(others).toEqual([]);
});

it.each(['stop', 'status', 'cluster:restart', 'rotate'])('npm run %s with the name of a service does nothing to the whole shop', (command) => {
  const { status, said, complained } = run(command, ['order-service'], { SHOPFLEET_INSTANCE: 'noshop' });
  expect([status, said, complained.length]).toEqual([2, '', 1]);
  expect(complained[0]).toContain('takes no "order-service"');
});

it('npm run cluster:logs of a shop that does not run says so, and starts no PM2', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'no-shop-'));
  const { status, complained } = run('cluster:logs', [], { SHOPFLEET_INSTANCE: 'noshop', SHOPFLEET_DATA_DIR: dataDir, PM2_HOME: path.join(dataDir, 'pm2') });
  expect([status, complained.length, existsSync(path.join(dataDir, 'pm2'))]).toEqual([1, 1, false]);
  expect(complained[0]).toContain('npm start');
  rmSync(dataDir, { recursive: true });
});

it('npm run start-production says what it can do, and starts nothing then', () => {
  expect(run('start-production', ['--help'], { SHOPFLEET_INSTANCE: 'noshop' })).toMatchObject({ status: 0, said: expect.stringContaining('npm run start-production') as string, complained: [] });
});

it('a shop of an impossible name is refused in one line by every tool that looks for it', () => {
  for (const file of ['tools/operate/top.ts', 'tools/operate/logs.ts', 'tools/invariants/main.ts']) {
    const { status, stderr } = spawnSync(process.execPath, [file], { cwd: projectDir, encoding: 'utf8', timeout: 30_000, env: { ...process.env, SHOPFLEET_INSTANCE: 'No Name' } });
    expect([status, stderr.trim().split('\n').length]).toEqual([1, 1]);
  }
});
