import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerEngine, hasImage, pullImage } from './docker.ts';
import { locate } from './locate.ts';
import { installPackages, type PackageNames } from './packages.ts';
import { type Report, ServerError } from './types.ts';

/** What runs a server: a program of this machine or an image. */
export type Program = { readonly kind: 'binary'; readonly path: string } | { readonly kind: 'docker'; readonly image: string };

export interface ProgramSpec {
  readonly server: string;
  readonly image: { readonly default: string; readonly variable: string };
  readonly commands: readonly string[];
  /** Folders looked into before PATH. */
  readonly folders?: readonly string[];
  readonly packages?: PackageNames;
  /** Gets the program where packages do not have it; its path. */
  readonly obtain?: (report: Report) => Promise<string>;
}

export interface FindOptions {
  readonly report: Report;
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the server's data, where the way of the last start is noted. */
  readonly folder?: string;
}

/** Finds a server's program: Docker where it answers and has or gets the image, else a binary, else installs it.
 * `SHOPFLEET_SERVERS=docker|binary` forces one.
 * @throws ServerError that says what to install or to set. */
export async function findProgram(spec: ProgramSpec, options: FindOptions): Promise<Program> {
  const forced = forcedWay(options.env);
  // Data written by one version may not open with another: stay with what wrote it.
  const before = options.folder === undefined ? undefined : await noted(options.folder);
  const way = forced ?? before;
  const program = (way === 'binary' ? undefined : await findImage(spec, options, forced)) ?? (await findBinary(spec, options));
  if (options.folder !== undefined) await note(options.folder, program.kind);
  return program;
}

function forcedWay(env: NodeJS.ProcessEnv): 'docker' | 'binary' | undefined {
  const way = env['SHOPFLEET_SERVERS'];
  if (way === undefined || way === '') return undefined;
  if (way === 'docker' || way === 'binary') return way;
  throw new ServerError('servers', 'SHOPFLEET_SERVERS must be docker or binary (or unset: Docker where it answers, else binaries)');
}

async function findImage(spec: ProgramSpec, options: FindOptions, forced: 'docker' | 'binary' | undefined): Promise<Program | undefined> {
  const image = options.env[spec.image.variable] || spec.image.default;
  const engine = await dockerEngine(options.env);
  if (engine === undefined) {
    if (forced === 'docker') throw new ServerError(spec.server, 'SHOPFLEET_SERVERS=docker, but no Docker engine of this machine answers; start it (docker info shows why) or unset the variable');
    return undefined;
  }
  if (await hasImage(image)) return { kind: 'docker', image };
  const seconds = Number(options.env['SHOPFLEET_DOCKER_PULL_SECONDS'] ?? '180');
  options.report({ server: spec.server, state: 'install', detail: `docker pull ${image} (at most ${seconds} s)` });
  if (await pullImage(image, seconds)) return { kind: 'docker', image };
  if (forced === 'docker') throw new ServerError(spec.server, `Docker has no image ${image} and cannot fetch it; load it, or name another by ${spec.image.variable}`);
  return undefined;
}

async function findBinary(spec: ProgramSpec, options: FindOptions): Promise<Program> {
  const found = await locate(spec.commands, spec.folders, options.env);
  if (found !== undefined) return { kind: 'binary', path: found };
  if (spec.obtain !== undefined) return { kind: 'binary', path: await spec.obtain(options.report) };
  if (spec.packages === undefined) throw new ServerError(spec.server, `${spec.commands.join(' or ')} is not on PATH; install it`);
  await installPackages(spec.server, spec.packages, options.report);
  const installed = await locate(spec.commands, spec.folders, options.env);
  if (installed === undefined) throw new ServerError(spec.server, `${spec.commands.join(' or ')} is not there even after installing ${spec.packages.apt.join(' ')}; put it on PATH`);
  return { kind: 'binary', path: installed };
}

async function noted(folder: string): Promise<'docker' | 'binary' | undefined> {
  const text = (await readFile(join(folder, 'way'), 'utf8').catch(() => '')).trim();
  return text === 'docker' || text === 'binary' ? text : undefined;
}

async function note(folder: string, way: 'docker' | 'binary'): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'way'), `${way}\n`);
}
