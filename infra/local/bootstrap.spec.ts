import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { projectDir } from './instance.ts';

// A clone of which nothing is installed, and an npm that notes what it is asked for and makes what npm ci would.
const npm = `
const { appendFileSync, mkdirSync, symlinkSync, writeFileSync } = require('node:fs');
appendFileSync('asked', process.argv[2] + '\\n');
mkdirSync('node_modules/.bin', { recursive: true });
mkdirSync('node_modules/typescript/bin', { recursive: true });
symlinkSync(process.execPath, 'node_modules/.bin/node');
writeFileSync('node_modules/typescript/bin/tsc', "const fs = require('node:fs'); fs.appendFileSync('asked', 'tsc\\\\n'); fs.mkdirSync('libs/one/dist', { recursive: true }); fs.writeFileSync('libs/one/dist/.tsbuildinfo', '');");
setTimeout(() => writeFileSync('node_modules/.package-lock.json', '{"packages":{}}'), 300);
`;
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'clone-'));
  mkdirSync(path.join(clone, 'infra', 'local'), { recursive: true });
  cpSync(path.join(projectDir, 'infra', 'local', 'bootstrap.mjs'), path.join(clone, 'infra', 'local', 'bootstrap.mjs'));
  for (const [name, text] of [['npm.js', npm], ['tsconfig.json', '{"references":[{"path":"libs/one"}]}'], ['package-lock.json', '{"packages":{}}'], ['tool.js', 'console.log(JSON.stringify(process.argv.slice(2)))']] as const) {
    writeFileSync(path.join(clone, name), text);
  }
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

function runTool(): Promise<{ code: number | null; said: string }> {
  const env = { PATH: process.env['PATH'], npm_execpath: path.join(clone, 'npm.js') };
  const child = spawn(process.execPath, ['infra/local/bootstrap.mjs', 'run', 'tool.js', '--one', 'two'], { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve({ code, said })));
}
const asked = (): string[] => readFileSync(path.join(clone, 'asked'), 'utf8').trim().split('\n');
/** All that the tool itself prints, and nothing besides. */
const done = { code: 0, said: '["--one","two"]\n' };

it('a tool in a fresh clone installs and compiles first, once, and prints what it has to say and nothing else', async () => {
  expect([await runTool(), await runTool()]).toEqual([done, done]);
  expect(asked()).toEqual(['ci', 'tsc']);
});

it('two at once install once', async () => {
  expect(await Promise.all([runTool(), runTool(), runTool()])).toEqual([done, done, done]);
  expect(asked()).toEqual(['ci', 'tsc']);
});

it('the lock of one that was killed is no obstacle', async () => {
  mkdirSync(path.join(clone, '.shopfleet'));
  writeFileSync(path.join(clone, '.shopfleet', 'install.lock'), String(2 ** 22 + 1));
  expect(await runTool()).toEqual(done);
});

it('what was installed and compiled before stays as it is, though the clone asks for something newer by now', async () => {
  await runTool();
  writeFileSync(path.join(clone, 'package-lock.json'), '{"packages":{"node_modules/new":{"version":"1.0.0"}}}');
  expect(await runTool()).toEqual(done);
  expect(asked()).toEqual(['ci', 'tsc']);
});

it('a failed install is told in a line, and leaves no lock', async () => {
  writeFileSync(path.join(clone, 'npm.js'), 'process.exit(1)');
  expect(await runTool()).toEqual({ code: 1, said: '' });
  writeFileSync(path.join(clone, 'npm.js'), npm);
  expect(await runTool()).toEqual(done);
});
