// The first thing that runs in a fresh clone: plain JavaScript for whatever Node (from 20 on) is there, with nothing
// installed. It installs the packages, among them Node 24, and hands over to cli.ts on that Node, or with `run` to the
// file of a tool.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = path.join(projectDir, 'node_modules');
const binaries = path.join(modules, '.bin');
const packagedNode = path.join(binaries, 'node');
const installLock = path.join(projectDir, '.shopfleet', 'install.lock');
// Whoever holds the lock for longer is another process that got the pid of one that was killed.
const longestInstallMs = 20 * 60_000;

const [command, ...rest] = process.argv.slice(2);
const isTool = command === 'run';
// What a tool prints may be read by a program.
const progressFd = isTool ? 2 : 1;
// No stream is opened for it: Node would leave the pipe behind it non-blocking to the program that this one becomes.
const say = (text) => writeSync(progressFd, text);

class ForPeople extends Error {}

const [major] = process.versions.node.split('.').map(Number);
try {
  if (major < 20) throw new ForPeople(`Node ${process.versions.node} is too old to begin with: install Node 20 or later, then run this again.`);
  if (process.platform === 'win32') throw new ForPeople('Shopfleet runs on Linux and macOS; on Windows run it inside WSL.');
  await complete();
  handOver(nodeProgram(), isTool ? rest : [path.join(projectDir, 'infra', 'local', 'cli.ts'), ...process.argv.slice(2)]);
} catch (error) {
  if (!(error instanceof ForPeople)) throw error;
  writeSync(2, `✗ ${error.message}\n`);
  process.exitCode = 1;
}

/**
 * A tool looks at a shop that may be running on packages and code older than this checkout: it installs and compiles where
 * that was never done, and brings nothing up to date. npm start and npm test do, or npm ci and npm run build.
 */
async function complete() {
  const hasPackages = isTool ? () => readLock(path.join(modules, '.package-lock.json')) !== undefined : isInstalled;
  const hasLibraries = () => !isTool || isCompiled();
  if (hasPackages() && hasLibraries()) return;
  await takeInstallLock();
  try {
    if (!hasPackages()) installPackages();
    if (!hasLibraries()) compileLibraries(nodeProgram());
  } finally {
    rmSync(installLock, { force: true });
  }
}

/** Node 24: the one among the packages; where that has none for this system, the one that runs this. */
function nodeProgram() {
  if (existsSync(packagedNode)) return packagedNode;
  if (major >= 24) return process.execPath;
  throw new ForPeople(`The packages bring no Node 24 for this system (${process.platform}-${process.arch}). Where npm left it out: npm ci --include=optional --include=dev. Else install Node 24 or later yourself, then run this again.`);
}

// npm notes in node_modules/.package-lock.json what it has installed; compared with what package-lock.json wants, this
// also notices a `git pull` and an interrupted install, without a note of our own that could lie.
function isInstalled() {
  const wanted = readLock(path.join(projectDir, 'package-lock.json'));
  const present = readLock(path.join(modules, '.package-lock.json'));
  if (wanted === undefined) throw new ForPeople('package-lock.json is missing or damaged: restore it with git checkout package-lock.json.');
  if (present === undefined) return false;
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

function installPackages() {
  say('  · packages      npm ci: what package-lock.json lists, Node 24 included (a minute or two on the first run)\n');
  const begun = Date.now();
  // The npm that started us, if it did: `npm` itself need not be on PATH.
  const npmScript = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  // NODE_ENV=production, or npm's own settings for it, would leave out the compiler and the tests.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !['node_env', 'npm_config_omit', 'npm_config_only', 'npm_config_production', 'npm_config_include'].includes(name.toLowerCase())),
  );
  const options = { cwd: projectDir, env, stdio: ['ignore', progressFd, 'inherit'] };
  const { error, status } = npmScript ? spawnSync(process.execPath, [npmScript, ...args], options) : spawnSync('npm', args, options);
  if (error) throw new ForPeople(`npm could not be run (${error.message}): install it, it comes with Node.`);
  if (status !== 0) throw new ForPeople('The packages could not be installed (npm says why, above). Check the network and the free disk space, then run the command again.');
  say(`  ✓ packages      installed (${Math.round((Date.now() - begun) / 1000)} s)\n`);
}

function isCompiled() {
  const { references } = JSON.parse(readFileSync(path.join(projectDir, 'tsconfig.json'), 'utf8'));
  return references.every((reference) => existsSync(path.join(projectDir, reference.path, 'dist', '.tsbuildinfo')));
}

function compileLibraries(node) {
  say('  · libraries     compiled once (half a minute)\n');
  const compiler = path.join(modules, 'typescript', 'bin', 'tsc');
  const { error, status } = spawnSync(node, [compiler, '-b'], { cwd: projectDir, stdio: ['ignore', progressFd, 'inherit'] });
  if (error || status !== 0) throw new ForPeople(`The sources do not compile (${error?.message ?? 'see above'}).`);
}

// Written beside and then linked: whoever finds the lock finds the pid in it.
async function takeInstallLock() {
  mkdirSync(path.dirname(installLock), { recursive: true });
  const draft = `${installLock}.${process.pid}`;
  // Anew each time: the lock's age is that of the draft.
  const take = () => {
    writeFileSync(draft, String(process.pid));
    return tryLink(draft, installLock);
  };
  try {
    for (let told = false; !take(); ) {
      const holder = holderOfLock();
      // Gone meanwhile: try again.
      if (holder === undefined) continue;
      if (holder.pid === process.pid || holder.ageMs > longestInstallMs || !isAlive(holder.pid)) rmSync(installLock, { force: true });
      else {
        if (!told) say(`  · packages      another process (pid ${holder.pid}) installs them; waiting\n`);
        told = true;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function tryLink(existing, name) {
  try {
    linkSync(existing, name);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function holderOfLock() {
  try {
    return { pid: Number(readFileSync(installLock, 'utf8')), ageMs: Date.now() - statSync(installLock).mtimeMs };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
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

function handOver(node, args) {
  const inherited = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== binaries);
  const env = { ...process.env, PATH: [binaries, ...inherited].join(path.delimiter) };
  // npm puts the packages' Node first on PATH, once it is there: this process becomes the program, and stands between it and nobody.
  if (process.execve !== undefined) {
    process.chdir(projectDir);
    process.execve(node, [node, ...args], env);
  }
  const child = spawn(node, args, { cwd: projectDir, env, stdio: 'inherit' });
  child.on('error', (error) => {
    writeSync(2, `✗ Node 24 could not be run (${error.message}). Run: npm ci --include=optional --include=dev\n`);
    process.exitCode = 1;
  });
  // What is sent to this process alone is passed on; Ctrl-C on a terminal reaches the child by itself.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
