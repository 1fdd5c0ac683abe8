import { spawn } from 'node:child_process';
import { projectFolder } from '@shopfleet/local';
import { interrupted } from './interruption.ts';

/** What a command said; `output` holds both streams. */
interface Said {
  readonly code: number;
  readonly output: string;
}

interface DockerOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Undoes something: runs when the test is interrupted as well. */
  readonly undoes?: boolean;
  /** Gets each line as it comes. */
  readonly say?: (line: string) => void;
}

/** Runs `docker …` in a folder. @throws with its last lines when it fails */
export async function docker(args: readonly string[], { cwd = projectFolder, env = {}, undoes = false, say }: DockerOptions = {}): Promise<string> {
  if (!undoes) interrupted.throwIfAborted();
  // Images have to build with the classic builder as well, so that is the one that is tested.
  const environment = { DOCKER_BUILDKIT: '0', COMPOSE_ANSI: 'never', COMPOSE_PROGRESS: 'quiet', ...process.env, ...env };
  const { code, output } = await run(args, { cwd, env: environment, undoes, say });
  if (code === 0) return output;
  throw new Error(`docker ${args.slice(0, 6).join(' ')} … ended with ${code}:\n${output.trim().split('\n').slice(-15).join('\n')}`);
}

function run(args: readonly string[], { cwd, env, undoes, say }: DockerOptions): Promise<Said> {
  return new Promise((resolve, reject) => {
    // A group of its own: docker does not hand on to its plugin what it is sent.
    const child = spawn('docker', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const end = (): void => {
      // One that has just ended is waited for no more and cannot be sent anything.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGTERM');
    };
    if (undoes !== true) interrupted.addEventListener('abort', end, { once: true });
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      if (say) for (const line of chunk.toString('utf8').split('\n')) say(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (code) => {
      interrupted.removeEventListener('abort', end);
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** What `docker inspect` tells of a container, as far as it matters here. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly State: { readonly Status: string; readonly Running: boolean; readonly StartedAt: string; readonly ExitCode: number; readonly Health?: { readonly Status: string } };
  readonly Config: { readonly User: string; readonly Env: readonly string[]; readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: { readonly ReadonlyRootfs: boolean; readonly NanoCpus: number; readonly Memory: number; readonly MemoryReservation: number };
  readonly NetworkSettings: { readonly Ports: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>> };
}

/** A project of docker compose: some files under one name. */
export class ComposeProject {
  readonly name: string;
  readonly #options: { readonly files: readonly string[]; readonly cwd: string; readonly env: NodeJS.ProcessEnv };

  constructor(name: string, options: { readonly files: readonly string[]; readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    this.name = name;
    this.#options = options;
  }

  async compose(...args: readonly string[]): Promise<string> {
    return this.#run(args);
  }

  /** Builds its images, telling each step. */
  async build(say: (line: string) => void): Promise<void> {
    const told = (line: string): void => void (/^(?:#\d+ \[|Step )/u.test(line) && say(line));
    await this.#run(['build'], { env: { COMPOSE_PROGRESS: 'plain' }, say: told });
  }

  /** Its containers, those that have ended too. */
  async containers(service?: string): Promise<Inspected[]> {
    const filters = [`label=com.docker.compose.project=${this.name}`, ...(service === undefined ? [] : [`label=com.docker.compose.service=${service}`])];
    const ids = (await docker(['ps', '-aq', ...filters.flatMap((filter) => ['--filter', filter])])).split('\n').filter((id) => id !== '');
    return ids.length === 0 ? [] : (JSON.parse(await docker(['inspect', ...ids])) as Inspected[]);
  }

  /** Ends all programs of one container of a service with -9, as a crash would; Docker's restart policy brings it back. */
  async kill(service: string): Promise<Inspected> {
    const [victim] = await this.containers(service);
    if (victim === undefined) throw new Error(`there is no container of ${service}`);
    // The first process of a container is out of reach from within; it ends with its child.
    await docker(['exec', victim.Id, 'sh', '-c', 'kill -9 -1']).catch(() => undefined);
    return victim;
  }

  /** Removes all of it. @throws with what is left */
  async down(): Promise<void> {
    await this.#run(['--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '20'], { undoes: true });
    const label = ['--quiet', '--filter', `label=com.docker.compose.project=${this.name}`];
    for (const list of [['ps', '--all'], ['network', 'ls'], ['volume', 'ls']]) {
      const left = (await docker([...list, ...label], { undoes: true })).trim();
      if (left !== '') throw new Error(`docker ${list.join(' ')} still has ${left.replaceAll('\n', ', ')}`);
    }
  }

  async #run(args: readonly string[], options: DockerOptions = {}): Promise<string> {
    const { files, cwd, env } = this.#options;
    return docker(['compose', '-p', this.name, ...files.flatMap((file) => ['-f', file]), ...args], { ...options, cwd, env: { ...env, ...options.env } });
  }
}

export const serviceOf = ({ Config }: Inspected): string => Config.Labels['com.docker.compose.service'] ?? '';
