import { existsSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from '../build.ts';
import { runNode } from '../child.ts';
import { seconds, type Console } from '../console.ts';
import { LocalError } from '../errors.ts';
import { readJson } from '../servers/files.ts';
import { gatewayUrl } from '../gateway.ts';
import { caFile } from '../inspect.ts';
import { dataPath, projectDir, resolveInstance, type Instance } from '../instance.ts';
import { runFilePath } from '../run-file.ts';
import { stopStack } from '../stack.ts';
import { sum, tallyOf, type Tally, type VitestReport } from '../test-report.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';

export interface TestOptions {
  /** Comma list of steps; all where absent. */
  readonly only: string | undefined;
  /** Handed on to Vitest: only files whose path contains one of them. */
  readonly paths: readonly string[];
}

const steps = ['scan', 'lint', 'typecheck', 'unit', 'int', 'e2e'] as const;
type Step = (typeof steps)[number];

// Without a terminal, plain lines; some environments ask for colours all the same.
const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' };

/** `npm test`: everything, one step after the other; the last line is `N passed, N failed`. */
export async function test(console: Console, { only, paths }: TestOptions): Promise<number> {
  const chosen = chooseSteps(only);
  const tallies: Tally[] = [];
  const instance = testInstance();
  console.print('Building');
  await build(instance);
  for (const step of chosen) {
    const begun = Date.now();
    console.print(`\n=== ${step}`);
    const tally = await runStep(step, instance, console, paths);
    tallies.push(tally);
    console.print(`=== ${step}: ${tally.passed} passed, ${tally.failed} failed (${seconds(Date.now() - begun)})`);
  }
  const { passed, failed } = sum(tallies);
  console.print(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function chooseSteps(only: string | undefined): readonly Step[] {
  if (only === undefined) return steps;
  const wanted = only.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !steps.some((step) => step === name));
  if (unknown !== undefined) throw new LocalError(`--only knows ${steps.join(', ')}, not "${unknown}".`);
  return steps.filter((step) => wanted.includes(step));
}

function runStep(step: Step, instance: Instance, console: Console, paths: readonly string[]): Promise<Tally> {
  if (step === 'scan') return scan();
  if (step === 'lint' || step === 'typecheck') return runTarget(step);
  if (step === 'e2e') return endToEnd(instance, console, paths);
  return vitest(step, instance, paths);
}

/** Known weaknesses of what is shipped, and secrets in any commit; what cannot be reached (a registry, Go) is named. */
async function scan(): Promise<Tally> {
  const { code } = await runNode([path.join(projectDir, 'tools', 'scan', 'main.ts')], { cwd: projectDir, env: { ...process.env, ...plain }, passThrough: true });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A target of every project; it counts as one test. */
async function runTarget(target: 'lint' | 'typecheck'): Promise<Tally> {
  const nx = realpathSync(path.join(projectDir, 'node_modules', '.bin', 'nx'));
  // No daemon: it would stay behind.
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', ...plain };
  const { code } = await runNode([nx, 'run-many', '-t', target, '--parallel=2', '--output-style=static'], { cwd: projectDir, env, passThrough: true });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function vitest(project: 'unit' | 'int' | 'e2e', instance: Instance, paths: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Tally> {
  const report = dataPath(instance, 'reports', `${project}.json`);
  rmSync(report, { force: true });
  const program = path.join(projectDir, 'node_modules', 'vitest', 'vitest.mjs');
  const args = ['run', '--project', project, '--passWithNoTests', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...paths];
  const { code } = await runNode([program, ...args], { cwd: projectDir, env: { ...process.env, NODE_ENV: 'test', ...plain, ...env }, passThrough: true, isDone: () => existsSync(report) });
  return tallyOf(readJson<VitestReport>(report), code);
}

/** A whole second shop with data of its own, beside one that may be running. */
async function endToEnd(instance: Instance, console: Console, paths: readonly string[]): Promise<Tally> {
  await stop(instance, console);
  for (const folder of ['servers', 'run', 'mailbox', 'payments', 'images', 'logs']) rmSync(dataPath(instance, folder), { recursive: true, force: true });
  // An interrupted test must not leave a shop behind.
  const interrupted = () => void stopStack(instance, console).finally(() => process.exit(130));
  try {
    await start(instance, console, { printUrls: false });
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    return await vitest('e2e', instance, paths, {
      GATEWAY: gatewayUrl(instance),
      SHOPFLEET_CA: caFile(instance),
      NODE_EXTRA_CA_CERTS: caFile(instance),
      MAILBOX: `http://127.0.0.1:${instance.ports.mailbox}`,
      SHOPFLEET_RUN_FILE: runFilePath(instance),
      ...(instance.pm2Home === undefined ? {} : { PM2_HOME: instance.pm2Home }),
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.fail(error.message);
    return { passed: 0, failed: 1 };
  } finally {
    await stop(instance, console);
    process.removeListener('SIGINT', interrupted).removeListener('SIGTERM', interrupted);
  }
}

// The services see the tests as one address; its limits are raised, but still counted (LOADTEST_CIDR).
function testInstance(): Instance {
  const defaults = { SHOPFLEET_INSTANCE: 'test', SHOPFLEET_SEED: 'tiny', LOADTEST_CIDR: '127.0.0.1/32', MAX_WORKERS: '3' };
  for (const [name, value] of Object.entries(defaults)) process.env[name] ||= value;
  for (const name of ['PM2_HOME', 'NODE_ENV']) delete process.env[name];
  const instance: Instance = { ...resolveInstance(), nodeEnv: 'test' };
  // Everything is traced; who looks at it is a collector of the test's own (apps/e2e/test/tracing.e2e-spec.ts).
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ||= `http://127.0.0.1:${instance.ports.gateway + 5}`;
  process.env['OTEL_TRACES_SAMPLER_ARG'] ||= '1';
  return instance;
}
