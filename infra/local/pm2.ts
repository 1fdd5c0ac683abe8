import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { childrenDir, noteChild } from './children.ts';
import { LocalError } from './errors.ts';
import { readJson, writePrivate } from './servers/files.ts';
import { dataPath, type Instance } from './instance.ts';
import { runFilePath } from './run-file.ts';
import { appSpecs } from './services.ts';
import { listenerOn } from './servers/ports.ts';
import { endProcess, startTimeOf } from './servers/processes.ts';

// PM2 is AGPL: it is run as a program and never imported.
const run = promisify(execFile);
const nodeMajor = 24;

/** One process in PM2's list. */
export interface Pm2Process {
  readonly id: number;
  readonly name: string;
  readonly cwd: string;
  readonly pid: number;
  readonly status: string;
  readonly restarts: number;
  /** Number of the worker in its cluster; its port is the application's port + this. */
  readonly worker: number;
  readonly memoryBytes: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

interface ListedProcess {
  readonly pm_id: number;
  readonly name: string;
  readonly pid?: number;
  readonly monit?: { readonly memory?: number };
  readonly pm2_env: { readonly pm_cwd?: string; readonly status?: string; readonly restart_time?: number; readonly pm_uptime?: number; readonly NODE_APP_INSTANCE?: number };
}

/** PM2 as this instance sees it. Nothing here starts a daemon except `start`. */
export class Pm2 {
  readonly #instance: Instance;
  readonly #home: string;
  readonly #daemonFile: string;

  constructor(instance: Instance) {
    this.#instance = instance;
    this.#home = instance.pm2Home ?? path.join(homedir(), '.pm2');
    this.#daemonFile = dataPath(instance, 'run', 'pm2-daemon.json');
  }

  /** @throws LocalError when a daemon on another Node, or another shop in the same daemon, stands in the way. */
  async requireUsable(): Promise<void> {
    const daemon = await this.daemonPid();
    if (daemon === undefined) return;
    // In cluster mode the workers run on the daemon's Node, whatever started them.
    await this.#requireSameNode(daemon);
    const foreign = (await this.#list()).find((app) => !this.#isOurs(app) && appSpecs.some(({ name }) => name === app.name));
    if (foreign) {
      throw new LocalError(`PM2 already runs an application named ${foreign.name} for ${foreign.cwd}: stop that shop first (npm stop there, or npx pm2 delete ${foreign.id}).`);
    }
  }

  /** Starts or restarts applications of ecosystem.config.js (all where none is named) and waits until each worker says that it is ready. */
  async start(names?: readonly string[]): Promise<void> {
    if ((await this.daemonPid()) === undefined) await this.#cli(['ping'], 30_000);
    const pid = await this.daemonPid();
    // One that runs nothing is nobody's: somebody's `pm2 ls` has launched it.
    if (pid !== undefined && (await this.#list()).length === 0) writePrivate(this.#daemonFile, JSON.stringify({ pid, startTime: await startTimeOf(pid) }));
    await this.#cli(['start', path.join(this.#instance.projectDir, 'ecosystem.config.js'), ...(names ? ['--only', names.join(',')] : []), '--update-env'], 300_000);
  }

  /** Gives a cluster so many workers; resolves when PM2 has started or told to end them. */
  async scale(name: string, workers: number): Promise<void> {
    await this.#cli(['scale', name, String(workers)], 300_000);
  }

  /** Replaces workers one after the other, with the environment of the run file. */
  async reload(names: readonly string[]): Promise<void> {
    await this.#cli(['reload', path.join(this.#instance.projectDir, 'ecosystem.config.js'), '--only', names.join(','), '--update-env'], 600_000);
  }

  /** Shows the logs of applications (all where none is named) until it is ended; resolves with the exit code. */
  async follow(names: readonly string[]): Promise<number> {
    const { projectDir } = this.#instance;
    const child = spawn(process.execPath, [this.#program, 'logs', ...names], { cwd: projectDir, env: this.#environment, stdio: 'inherit' });
    return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 0)));
  }

  /** Has PM2 open its log files anew, after they were moved. */
  async reloadLogs(): Promise<void> {
    await this.#cli(['reloadLogs'], 30_000);
  }

  /** The processes of this project's folder; empty when no daemon runs. */
  async ownProcesses(): Promise<Pm2Process[]> {
    return (await this.#list()).filter((app) => this.#isOurs(app));
  }

  /** Ends this project's processes, and the daemon if `npm start` launched it and nobody else uses it. */
  async stop(): Promise<number> {
    if ((await this.daemonPid()) === undefined) return 0;
    const stopped = await this.remove(() => true);
    await this.#endOwnDaemon();
    return stopped;
  }

  /** Ends processes of this project and has PM2 forget them; resolves with how many there were. */
  async remove(which: (process: Pm2Process) => boolean): Promise<number> {
    let removed = 0;
    // Of a process that ends again and again PM2 may start another while it deletes it.
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const own = (await this.ownProcesses()).filter(which);
      removed = Math.max(removed, own.length);
      if (own.length === 0) break;
      await this.#cli(['delete', ...own.map(({ id }) => String(id))], 120_000);
    }
    return removed;
  }

  /** PM2's daemon, if it lives. */
  async daemonPid(): Promise<number | undefined> {
    const file = path.join(this.#home, 'pm2.pid');
    if (!existsSync(file)) return undefined;
    const pid = Number(readFileSync(file, 'utf8').trim());
    if (!Number.isInteger(pid) || pid < 2 || (await startTimeOf(pid)) === undefined) return undefined;
    const command = await this.#commandOf(pid);
    return command === '' || /pm2|God Daemon/iu.test(command) ? pid : undefined;
  }

  /**
   * Ends what a daemon that was killed has left behind: its clusters end by themselves, single processes live on and hold
   * their ports, also when another daemon runs since (`pm2 resurrect`). Resolves with how many there were.
   */
  async endOrphans(): Promise<number> {
    const orphans = [...new Set([...(await this.#leftBehind()), ...(await this.#strangers())])];
    await Promise.all(orphans.map(async (pid) => endProcess({ pid, startTime: (await startTimeOf(pid)) ?? '' })));
    return orphans.length;
  }

  /** What a daemon has noted that is no more. */
  async #leftBehind(): Promise<number[]> {
    const folder = path.join(this.#home, 'pids');
    if ((await this.daemonPid()) !== undefined || !existsSync(folder)) return [];
    const files = readdirSync(folder).filter((file) => appSpecs.some(({ name }) => new RegExp(`^${name}-\\d+\\.pid$`, 'u').test(file)));
    const orphans: number[] = [];
    for (const file of files) {
      const pid = Number(readFileSync(path.join(folder, file), 'utf8').trim());
      // Its title says what it is; a number that was given to something else is left alone.
      if (pid > 1 && (await this.#commandOf(pid)).includes(this.#instance.projectDir)) orphans.push(pid);
    }
    return orphans;
  }

  /** Processes of this shop on ports of single processes that no daemon knows. */
  async #strangers(): Promise<number[]> {
    const { paymentSimulator, mailbox, smtp } = this.#instance.ports;
    const listeners = (await Promise.all([paymentSimulator, mailbox, smtp].map(listenerOn))).filter((found) => found !== undefined);
    const known = new Set(listeners.length === 0 ? [] : (await this.ownProcesses()).map(({ pid }) => pid));
    const strangers: number[] = [];
    for (const { pid } of listeners) if (!known.has(pid) && (await this.#commandOf(pid)).includes(this.#instance.projectDir)) strangers.push(pid);
    return strangers;
  }

  async #commandOf(pid: number): Promise<string> {
    const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
    return stdout;
  }

  async #endOwnDaemon(): Promise<void> {
    const launched = readJson<{ pid: number; startTime?: string }>(this.#daemonFile);
    const pid = await this.daemonPid();
    const isOurs = launched !== undefined && launched.pid === pid && launched.startTime === (await startTimeOf(launched.pid));
    if (!isOurs || (await this.#list()).length > 0) return;
    await this.#cli(['kill'], 30_000).catch(() => undefined);
    await endProcess(launched);
  }

  #isOurs({ cwd }: Pm2Process): boolean {
    return cwd === this.#instance.projectDir || (existsSync(cwd) && realpathSync(cwd) === realpathSync(this.#instance.projectDir));
  }

  async #list(): Promise<Pm2Process[]> {
    if ((await this.daemonPid()) === undefined) return [];
    const output = await this.#cli(['jlist'], 30_000);
    // PM2 may print notices before the list.
    const json = output.split('\n').findLast((line) => line.startsWith('['));
    const listed = JSON.parse(json ?? '[]') as ListedProcess[];
    return listed.map(({ pm_id, name, pid, monit, pm2_env }) => ({
      id: pm_id,
      name,
      cwd: pm2_env.pm_cwd ?? '',
      pid: pid ?? 0,
      status: pm2_env.status ?? 'unknown',
      restarts: pm2_env.restart_time ?? 0,
      worker: Number(pm2_env.NODE_APP_INSTANCE ?? 0),
      memoryBytes: monit?.memory ?? 0,
      startedAt: pm2_env.pm_uptime ?? 0,
    }));
  }

  async #requireSameNode(pid: number): Promise<void> {
    const version = await this.#daemonNodeVersion(pid);
    if (version !== undefined && Number(version.split('.')[0]) !== nodeMajor) {
      throw new LocalError(`PM2's daemon (pid ${pid}) runs on Node ${version}, the shop needs Node ${nodeMajor}: end it with "npx pm2 kill" (this stops its applications) and run npm start again.`);
    }
  }

  async #daemonNodeVersion(pid: number): Promise<string | undefined> {
    if (process.platform === 'linux') {
      const { stdout } = await run(`/proc/${pid}/exe`, ['-p', 'process.versions.node'], { env: {} }).catch(() => ({ stdout: '' }));
      if (stdout.trim() !== '') return stdout.trim();
    }
    const report = await this.#cli(['report'], 30_000).catch(() => '');
    return /node version\s*:\s*([\d.]+)/u.exec(report)?.[1];
  }

  async #cli(args: readonly string[], timeout: number): Promise<string> {
    try {
      const client = run(process.execPath, [this.#program, ...args, '--no-color'], { cwd: this.#instance.projectDir, env: this.#environment, timeout, maxBuffer: 64 * 1024 * 1024 });
      const forget = await noteChild(childrenDir(this.#instance), client.child.pid);
      const { stdout } = await client.finally(forget);
      return stdout;
    } catch (error) {
      const output = error instanceof Error && 'stdout' in error ? `${String(error.stdout)}\n${'stderr' in error ? String(error.stderr) : ''}` : String(error);
      const reason = output.split('\n').findLast((line) => /error|fail/iu.test(line))?.trim();
      throw new LocalError(`pm2 ${args[0] ?? ''} failed: ${reason ?? 'no answer'} (log: ${path.join(this.#home, 'pm2.log')})`, { cause: error });
    }
  }

  get #program(): string {
    return path.join(this.#instance.projectDir, 'node_modules', 'pm2', 'bin', 'pm2');
  }

  get #environment(): Record<string, string> {
    // The daemon inherits what its first client has: give it nothing of this shell but what every process needs.
    const inherited = ['PATH', 'HOME', 'USER', 'LANG', 'TZ', 'TMPDIR'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
    return {
      ...(Object.fromEntries(inherited) as Record<string, string>),
      ...(this.#instance.pm2Home === undefined ? {} : { PM2_HOME: this.#instance.pm2Home }),
      SHOPFLEET_RUN_FILE: runFilePath(this.#instance),
      PM2_DISCRETE_MODE: 'true',
    };
  }
}
