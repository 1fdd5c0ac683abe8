import { existsSync, globSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runNode } from './child.ts';
import { childrenDir } from './children.ts';
import { LocalError } from './errors.ts';
import { operatorEnvironment, type Environment, type RunFile } from './run-file.ts';
import { builtApps, entryOf, type AppSpec } from './services.ts';
import { dataPath, type Instance } from './instance.ts';

/** Compiles what has changed. @throws LocalError with the compiler's first complaint. */
export async function build(instance: Instance, signal?: AbortSignal): Promise<string> {
  // For a tree that is just being worked on, and for whoever has built already.
  if (process.env['SHOPFLEET_SKIP_BUILD'] === '1') return 'skipped';
  const { projectDir } = instance;
  const compiler = path.join(projectDir, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await runNode([compiler, '-b'], { cwd: projectDir, signal, notedIn: childrenDir(instance) });
  if (code === 0) return 'up to date';
  const first = output.split('\n').find((line) => line.includes('error TS')) ?? output.trim().split('\n')[0] ?? '';
  throw new LocalError(`The sources do not compile: ${first} (all errors: npx tsc -b)`);
}

/** When code or packages were last written, in milliseconds since 1970: what was started before runs on older ones. */
export function codeChangedAt({ projectDir }: Instance): number {
  const files = [...globSync(path.join(projectDir, '{apps,libs}', '*', 'dist', '**', '*.js')), path.join(projectDir, 'node_modules', '.package-lock.json')];
  return Math.max(0, ...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

/**
 * Runs the migration step of every service that has one, side by side: indexes are made here and not at random, under
 * the operator's accounts, for the services' own may not declare queues.
 */
export async function migrate(instance: Instance, runFile: RunFile, signal?: AbortSignal): Promise<string[]> {
  const apps = builtApps(instance).filter((app) => existsSync(entryOf(instance, app, 'migrate.js')));
  await Promise.all(apps.map((app) => migrateApp(instance, app, operatorEnvironment(runFile, app.name), signal)));
  return apps.map(({ folder }) => folder);
}

async function migrateApp(instance: Instance, app: AppSpec, environment: Environment, signal?: AbortSignal): Promise<void> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
  const { code, output } = await runNode([entryOf(instance, app, 'migrate.js')], { cwd: instance.projectDir, env, signal, notedIn: childrenDir(instance) });
  if (code === 0) return;
  const log = dataPath(instance, 'logs', `migrate-${app.folder}.log`);
  mkdirSync(path.dirname(log), { recursive: true });
  writeFileSync(log, output);
  const reason = output.split('\n').find((line) => /error|must|missing|cannot/iu.test(line))?? output.split('\n').find((line) => line.trim() !== '') ?? `exit code ${code}`;
  throw new LocalError(`The migration of ${app.name} failed: ${reason.trim()} (all of it in ${log})`);
}
