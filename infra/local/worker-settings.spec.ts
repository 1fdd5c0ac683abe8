import { execFileSync } from 'node:child_process';
import fs, { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';

const services = ['auth', 'product', 'cart', 'order', 'notification'];
const root = fileURLToPath(new URL('../..', import.meta.url));

interface Application {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly node_args: readonly string[];
  readonly max_memory_restart: string;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('a worker has the same bounds of memory in a container as under PM2', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'worker-settings-'));
  const runFile = path.join(folder, 'services.json');
  writeFileSync(runFile, JSON.stringify({ apps: Object.fromEntries(services.map((name) => [`${name}-service`, {}])), instances: {}, logDir: folder }));
  writeFileSync(path.join(folder, 'node'), '#!/bin/sh\nprintf "%s\\n" "$@"\nenv | grep ^MALLOC_\n', { mode: 0o755 });
  vi.stubEnv('SHOPFLEET_RUN_FILE', runFile);
  // Of a checkout that is not built, PM2 would start nothing.
  vi.spyOn(fs, 'existsSync').mockReturnValue(true);
  const { apps } = createRequire(import.meta.url)(path.join(root, 'ecosystem.config.js')) as { readonly apps: readonly Application[] };
  expect(apps).toHaveLength(services.length);
  expect(new Set(apps.map(({ max_memory_restart: most }) => most)), 'PM2 starts a worker anew that takes more').toEqual(new Set(['500M']));
  for (const { script, env, node_args } of apps) {
    const said = execFileSync('sh', [path.join(root, 'infra/docker/run-node.sh'), path.relative(root, script)], { env: { PATH: `${folder}:${process.env['PATH']}` }, encoding: 'utf8' });
    const lines = said.trim().split('\n');
    expect(lines.filter((line) => line.startsWith('--'))).toEqual(node_args);
    expect(lines.filter((line) => line.startsWith('MALLOC_')).sort()).toEqual(Object.entries(env).filter(([name]) => name.startsWith('MALLOC_')).map(([name, value]) => `${name}=${value}`).sort());
  }
});
