// The first thing that runs in a fresh clone: plain JavaScript for whatever Node (from 20 on) is there, with nothing
// installed. It installs the packages, among them Node 24, and hands over to cli.ts on that Node, or with `run` to the
// file of a tool.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = path.join(projectDir, 'node_modules');
const binaries = path.join(modules, '.bin');
const node = path.join(binaries, process.platform === 'win32' ? 'node.exe' : 'node');
const installLock = path.join(projectDir, '.shopfleet', 'install.lock');

function fail(text) {
  process.stderr.write(`✗ ${text}\n`);
  process.exit(1);
}

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) fail(`Node ${process.versions.node} is too old to begin with: install Node 20 or later, then run npm start again.`);
if (process.platform === 'win32') fail('Shopfleet runs on Linux and macOS; on Windows run it inside WSL.');

const [command, ...rest] = process.argv.slice(2);
const isTool = command === 'run';
// A tool looks at a shop that may be running on packages and code older than this checkout: it completes a fresh clone
// and changes nothing else. npm start, npm test and npm run build are what bring it up to date.
const isComplete = isTool ? () => existsSync(node) && existsSync(path.join(modules, '.package-lock.json')) : isInstalled;
// What a tool prints may be read by a program.
const progress = isTool ? process.stderr : process.stdout;

if (process.env.SHOPFLEET_SKIP_INSTALL !== '1') await ensurePackages();
if (!existsSync(node)) {
  fail(`Node 24 is not among the packages of this system (${process.platform}-${process.arch}). Run: npm ci --include=optional --include=dev`);
}
if (isTool) ensureLibraries();
await handOver(isTool ? rest : [path.join(projectDir, 'infra', 'local', 'cli.ts'), ...process.argv.slice(2)]);

async function ensurePackages() {
  if (isComplete()) return;
  mkdirSync(path.dirname(installLock), { recursive: true });
  await waitForOtherInstall();
  try {
    if (isComplete()) return;
    progress.write('  · packages      npm ci: what package-lock.json lists, Node 24 included (a minute or two on the first run)\n');
    const begun = Date.now();
    const status = npmCi();
    if (status !== 0) fail('The packages could not be installed (npm says why, above). Check the network and the free disk space, then run the command again.');
    progress.write(`  ✓ packages      installed (${Math.round((Date.now() - begun) / 1000)} s)\n`);
  } finally {
    rmSync(installLock, { force: true });
  }
}

// npm notes in node_modules/.package-lock.json what it has installed; compared with what package-lock.json wants, this
// also notices a `git pull` and an interrupted install, without a note of our own that could lie.
function isInstalled() {
  const wanted = readLock(path.join(projectDir, 'package-lock.json'));
  const present = readLock(path.join(modules, '.package-lock.json'));
  if (wanted === undefined) fail('package-lock.json is missing or damaged: restore it with git checkout package-lock.json.');
  if (present === undefined || !existsSync(node)) return false;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const installed = present[name];
    if (installed === undefined) return entry.optional === true || entry.peer === true || entry.devOptional === true;
    return entry.link === true || installed.version === entry.version;
  });
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function npmCi() {
  // The npm that started us, if it did: `npm` itself need not be on PATH.
  const npmScript = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  // NODE_ENV=production, or npm's own settings for it, would leave out the compiler and the tests.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !['node_env', 'npm_config_omit', 'npm_config_only', 'npm_config_production', 'npm_config_include'].includes(name.toLowerCase())),
  );
  const options = { cwd: projectDir, env, stdio: ['ignore', progress.fd, 'inherit'] };
  const result = npmScript ? spawnSync(process.execPath, [npmScript, ...args], options) : spawnSync('npm', args, options);
  if (result.error) fail(`npm could not be run (${result.error.message}): install it, it comes with Node.`);
  return result.status ?? 1;
}

async function waitForOtherInstall() {
  for (let told = false; ; told = true) {
    try {
      writeFileSync(installLock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pid = Number(readFileSync(installLock, 'utf8')) || 0;
    if (pid === 0 || !isAlive(pid)) rmSync(installLock, { force: true });
    else {
      if (!told) progress.write(`  · packages      another process (pid ${pid}) installs them; waiting\n`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function ensureLibraries() {
  const { references } = JSON.parse(readFileSync(path.join(projectDir, 'tsconfig.json'), 'utf8'));
  if (references.every((reference) => existsSync(path.join(projectDir, reference.path, 'dist', '.tsbuildinfo')))) return;
  progress.write('  · libraries     compiled once (half a minute)\n');
  const compiler = path.join(modules, 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(node, [compiler, '-b'], { cwd: projectDir, stdio: ['ignore', progress.fd, 'inherit'] });
  if (status !== 0) fail('The sources do not compile (see above).');
}

async function handOver(args) {
  const inherited = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== binaries);
  const env = { ...process.env, PATH: [binaries, ...inherited].join(path.delimiter) };
  // npm puts Node 24 first on PATH, once it is there: that becomes the program itself, and signals reach it once.
  if (process.execve !== undefined) {
    process.chdir(projectDir);
    process.execve(node, [node, ...args], env);
  }
  const child = spawn(node, args, { cwd: projectDir, env, stdio: 'inherit' });
  child.on('error', (error) => fail(`Node 24 could not be run (${error.message}). Run: npm ci --include=optional --include=dev`));
  // Ctrl-C reaches the child by itself on a terminal; a signal sent to this process alone has to be passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
