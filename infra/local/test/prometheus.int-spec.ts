import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it, vi } from 'vitest';
import { resolveInstance } from '../instance.ts';
import { findPrometheus, renderPrometheus, type PrometheusPrograms } from '../prometheus.ts';
import { freePorts } from '../servers/index.ts';

const run = promisify(execFile);
const instance = resolveInstance({ SHOPFLEET_DATA_DIR: mkdtempSync(path.join(tmpdir(), 'prometheus-')), SHOPFLEET_INSTANCE: 'rules' });
let programs: PrometheusPrograms;
let folder: string;
beforeAll(async () => {
  programs = await findPrometheus(() => undefined);
  folder = renderPrometheus(instance, 'a token of the tests');
});

it('promtool finds every alert raised by what it is for, and not before', async () => {
  const { stdout } = await run(programs.promtool, ['test', 'rules', path.join(instance.projectDir, 'infra', 'prometheus', 'rules.test.yml')]).catch((error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr }));
  expect(stdout.trim().split('\n').at(-1)?.trim()).toBe('SUCCESS');
});

it('the configuration of an instance is accepted, by Prometheus and by Alertmanager', async () => {
  const { stdout } = await run(programs.promtool, ['check', 'config', path.join(folder, 'prometheus.yml')]);
  expect(stdout).not.toContain('WARNING');
  expect(stdout).toContain('2 rule files found');
  const amtool = path.join(path.dirname(programs.alertmanager), 'amtool');
  await expect(run(amtool, ['check-config', path.join(folder, 'alertmanager.yml')])).resolves.toMatchObject({ stdout: expect.stringContaining('SUCCESS') as string });
});

it('every slot of every service is a target', () => {
  const targets = JSON.parse(readFileSync(path.join(folder, 'targets.json'), 'utf8')) as { labels: { service: string }; targets: string[] }[];
  expect(targets.map(({ labels }) => labels.service)).toEqual(['product', 'cart', 'auth', 'order', 'notification']);
  expect(targets.every(({ targets: slots }) => slots.length >= 20 && new Set(slots).size === slots.length)).toBe(true);
});

it('npm run prometheus says where it listens, has read the rules, and is ended by npm stop', async () => {
  const [port = 0] = await freePorts(1);
  const cli = path.join(instance.projectDir, 'infra', 'local', 'cli.ts');
  const env = { ...process.env, SHOPFLEET_INSTANCE: 'rules', SHOPFLEET_DATA_DIR: instance.dataDir, SHOPFLEET_PORT_OFFSET: String(port - 8_090) };
  const child = spawn(process.execPath, [cli, 'prometheus'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  await vi.waitFor(() => expect(said).toContain(`http://localhost:${port}`), { timeout: 60_000, interval: 100 });
  const { data } = (await (await fetch(`http://127.0.0.1:${port}/api/v1/rules`)).json()) as { data: { groups: { rules: { name: string; lastError?: string }[] }[] } };
  const rules = data.groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter(({ lastError = '' }) => lastError !== '')).toEqual([]);
  await run(process.execPath, [cli, 'stop'], { env });
  expect(await ended).toEqual([0, null]);
}, 120_000);
