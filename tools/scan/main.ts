import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commandLine } from '@shopfleet/local';
import { findingsIn, type AllowedAdvisory } from './audit.ts';

const usage = `Scans for known weaknesses of dependencies and for secrets that were committed.

  npm run scan                 both; what cannot be reached (a registry, Go) is named and does not fail
  npm run scan -- --strict     it does fail: for continuous integration

Weaknesses that were looked at stand in tools/scan/allowed.json, each with a reason and a date until which it is excused.`;
const project = fileURLToPath(new URL('../..', import.meta.url));
// Pinned: a scanner that changes by itself would make the same commit pass today and fail tomorrow.
const gitleaks = 'github.com/zricethezav/gitleaks/v8@v8.28.0';
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

async function secrets(): Promise<Outcome> {
  const folder = path.join(project, '.shopfleet', 'tools');
  mkdirSync(folder, { recursive: true });
  try {
    await run('go', ['install', gitleaks], { timeout: 600_000, env: { ...process.env, GOBIN: folder } });
  } catch (error) {
    return { state: 'not done', text: `gitleaks: ${error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'Go is not installed' : 'Go cannot build it here'}` };
  }
  try {
    await run(path.join(folder, 'gitleaks'), ['git', '--no-banner', '--redact', '--config', 'tools/scan/gitleaks.toml', '--report-format', 'json', '--report-path', '-', '.'], { cwd: project, timeout: 300_000, maxBuffer: 64 * 1024 * 1024 });
    return { state: 'clean', text: 'gitleaks: no secret in any commit' };
  } catch (error) {
    const found = (parsed((error as { stdout?: string }).stdout ?? '') ?? []) as { readonly RuleID: string; readonly File: string; readonly StartLine: number; readonly Commit: string }[];
    if (!Array.isArray(found) || found.length === 0) return { state: 'not done', text: `gitleaks: ${String((error as { stderr?: string }).stderr ?? error).trim().split('\n').at(-1)}` };
    return { state: 'found', text: `gitleaks:\n${found.map(({ RuleID, File, StartLine, Commit }) => `  ${RuleID} in ${File}:${StartLine} (${Commit.slice(0, 8)})`).join('\n')}` };
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
const outcomes = await Promise.all([audit(), secrets()]);
for (const { state, text } of outcomes) console.log(`${state === 'clean' ? 'ok        ' : state === 'found' ? 'FOUND     ' : 'not done  '} ${text}`);
if (outcomes.some(({ state }) => state === 'found' || (strict === true && state === 'not done'))) process.exitCode = 1;
