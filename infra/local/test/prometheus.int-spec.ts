import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { resolveInstance } from '../instance.ts';
import { findPrometheus, renderPrometheus, type PrometheusPrograms } from '../prometheus.ts';

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
