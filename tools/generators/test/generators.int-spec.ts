import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..');
let workspace: string;

// Compilers and a nested test run: seconds on a quiet machine, more on a busy one.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

// Generators write into the workspace they run in: a copy keeps this one as it is.
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'shopfleet-generators-'));
  for (const file of run(repository, 'git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0').filter((name) => name !== '')) {
    cpSync(join(repository, file), join(workspace, file), { recursive: true, force: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(workspace, 'node_modules'));
  run(workspace, 'npx', 'nx', 'g', '@shopfleet/generators:library', 'zebra');
  run(workspace, 'npx', 'nx', 'g', '@shopfleet/generators:service', 'returns', '--port', '5700');
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

describe.each([
  ['libs/zebra', 'test'],
  ['apps/returns', 'int'],
])('a new project in %s', (project, tests) => {
  it.each(['lint', 'typecheck', 'build', tests])('passes its %s as generated', (target) => {
    const output = run(join(workspace, project), 'npm', 'run', target);
    if (target === tests) expect(output).toMatch(/1 passed/u);
  });

  it('is not written over', () => {
    const [kind, name] = project.startsWith('libs') ? ['library', 'zebra'] : ['service', 'returns'];
    expect(() => run(workspace, 'npx', 'nx', 'g', `@shopfleet/generators:${kind}`, name, ...(kind === 'service' ? ['--port', '5700'] : []))).toThrow('exists already');
  });
});

function run(cwd: string, command: string, ...args: string[]): string {
  const env = { ...process.env, NX_DAEMON: 'false', NX_WORKSPACE_ROOT_PATH: cwd, PATH: `${join(repository, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' };
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: 'pipe', timeout: 120_000 });
}
