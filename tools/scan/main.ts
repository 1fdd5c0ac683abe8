import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commandLine } from '@shopfleet/local';
import { findingsIn, type AllowedAdvisory } from './audit.ts';

const usage = `Scans for known weaknesses of dependencies, for secrets that were committed and for mistakes in the workflows of GitHub.

  npm run scan                 all of it; what cannot be reached (a registry, Go) is named and does not fail
  npm run scan -- --strict     it does fail: for continuous integration

Weaknesses that were looked at stand in tools/scan/allowed.json, each with a reason and a date until which it is excused.`;
const project = fileURLToPath(new URL('../..', import.meta.url));
// Pinned: a scanner that changes by itself would make the same commit pass today and fail tomorrow.
const scanners = { gitleaks: 'github.com/zricethezav/gitleaks/v8@v8.28.0', actionlint: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12' };
const folder = path.join(project, '.shopfleet', 'tools');
const run = promisify(execFile);

type Outcome = { readonly state: 'clean' | 'found' | 'not done'; readonly text: string };

async function audit(): Promise<Outcome> {
  const allowed = JSON.parse(readFileSync(new URL('allowed.json', import.meta.url), 'utf8')) as AllowedAdvisory[];
  // npm ends with 1 when it finds anything at all; what counts is decided here.
  const { stdout } = await run('npm', ['audit', '--omit=dev', '--json'], { cwd: project, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 }).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  const report = parsed(stdout);
  if (report === undefined || !('vulnerabilities' in report)) return { state: 'not done', text: 'npm audit: the registry gives no advisories' };
  const findings = findingsIn(report as Parameters<typeof findingsIn>[0], allowed, new Date());
  if (findings.length === 0) return { state: 'clean', text: 'npm audit: nothing high or critical in what is shipped' };
  return { state: 'found', text: `npm audit:\n${findings.map(({ id, dependency, severity, title }) => `  ${severity} ${dependency}: ${title} (${id})`).join('\n')}` };
}

/** Builds a scanner; undefined where it has, else why not. */
async function obtain(name: keyof typeof scanners): Promise<Outcome | undefined> {
  mkdirSync(folder, { recursive: true });
  try {
    await run('go', ['install', scanners[name]], { timeout: 600_000, env: { ...process.env, GOBIN: folder } });
    return undefined;
  } catch (error) {
    return { state: 'not done', text: `${name}: ${error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'Go is not installed' : 'Go cannot build it here'}` };
  }
}

async function secrets(): Promise<Outcome> {
  const without = await obtain('gitleaks');
  if (without !== undefined) return without;
  try {
    await run(path.join(folder, 'gitleaks'), ['git', '--no-banner', '--redact', '--config', 'tools/scan/gitleaks.toml', '--report-format', 'json', '--report-path', '-', '.'], { cwd: project, timeout: 300_000, maxBuffer: 64 * 1024 * 1024 });
    return { state: 'clean', text: 'gitleaks: no secret in any commit' };
  } catch (error) {
    const found = (parsed((error as { stdout?: string }).stdout ?? '') ?? []) as { readonly RuleID: string; readonly File: string; readonly StartLine: number; readonly Commit: string }[];
    if (!Array.isArray(found) || found.length === 0) return { state: 'not done', text: `gitleaks: ${String((error as { stderr?: string }).stderr ?? error).trim().split('\n').at(-1)}` };
    return { state: 'found', text: `gitleaks:\n${found.map(({ RuleID, File, StartLine, Commit }) => `  ${RuleID} in ${File}:${StartLine} (${Commit.slice(0, 8)})`).join('\n')}` };
  }
}

async function workflows(): Promise<Outcome> {
  const without = await obtain('actionlint');
  if (without !== undefined) return without;
  try {
    // The same everywhere, whether or not these two are installed.
    await run(path.join(folder, 'actionlint'), ['-no-color', '-shellcheck=', '-pyflakes='], { cwd: project, timeout: 60_000 });
    return { state: 'clean', text: 'actionlint: no mistake in the workflows' };
  } catch (error) {
    const { code, stdout = '' } = error as { readonly code?: number; readonly stdout?: string };
    return code === 1 ? { state: 'found', text: `actionlint:\n${stdout}` } : { state: 'not done', text: `actionlint: ${String(error)}` };
  }
}

function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

const { values: { strict } } = commandLine({ command: 'scan', help: usage, options: { strict: { type: 'boolean' } } });
const outcomes = await Promise.all([audit(), secrets(), workflows()]);
for (const { state, text } of outcomes) console.log(`${state === 'clean' ? 'ok        ' : state === 'found' ? 'FOUND     ' : 'not done  '} ${text}`);
if (outcomes.some(({ state }) => state === 'found' || (strict === true && state === 'not done'))) process.exitCode = 1;
