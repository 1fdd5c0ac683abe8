import { execFile, spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { booksOf, check, untilSettled } from '@shopfleet/invariants';
import { dataPath, inspect, killServer, nodeProgram, readRunFile, runningServer, serversDir, settingsOf, type Instance, type RunningServer, type ServerName, type WorkerState } from '@shopfleet/local';
import { Crowd, openShop, type CrowdSize, type Doing, type Figures, type RunningShop } from '@shopfleet/shoppers';

export interface Verdict {
  readonly promise: string;
  readonly figure: string;
  readonly holds: boolean;
}

const run = promisify(execFile);
const tickMs = 2000;
const settleMs = 120_000;

/** A running shop with people in it, and hands that break and mend it. Tells what happens while it happens. */
export class Stage {
  readonly instance: Instance;
  readonly shop: RunningShop;
  /** What can be bought. */
  readonly skus: readonly string[];
  readonly random: () => number;
  readonly verdicts: Verdict[] = [];
  readonly #print: (text: string) => void;
  readonly #began = Date.now();
  #crowd: Crowd | undefined;
  #ticker: NodeJS.Timeout | undefined;

  private constructor(instance: Instance, shop: RunningShop, skus: readonly string[], print: (text: string) => void, random: () => number) {
    this.instance = instance;
    this.shop = shop;
    this.random = random;
    this.skus = skus;
    this.#print = print;
  }

  /** @throws Error when the shop does not run, or would count the crowd as one shopper too many */
  static async open(instance: Instance, print: (text: string) => void, random: () => number): Promise<Stage> {
    const state = await inspect(instance);
    if (!state.ok) throw new Error(`the shop "${instance.name}" is not well: npm run status`);
    const shop = openShop(instance);
    const skus = await shop.skusInStock(40);
    return new Stage(instance, shop, skus, print, random);
  }

  get crowd(): Crowd {
    if (this.#crowd === undefined) throw new Error('nobody is in the shop');
    return this.#crowd;
  }

  tell(text: string): void {
    this.#print(`${String(Math.round((Date.now() - this.#began) / 1000)).padStart(4)} s  ${text}`);
  }

  /** Opens the doors, and waits until the shop is as busy as it will be. */
  async letIn(size: CrowdSize = {}, warmMs = 5000): Promise<void> {
    this.#crowd = new Crowd(this.shop, this.skus, size);
    this.#ticker = setInterval(() => this.tell(`  ${this.#line()}`), tickMs);
    await pause(warmMs);
  }

  #line(): string {
    const since = Date.now() - tickMs;
    const part = (doing: Doing): string => {
      const { asked, failed, p99 } = this.crowd.figures(doing, since);
      return `${doing} ${asked} (${failed} failed, p99 ${p99} ms)`;
    };
    const { wishes } = this.crowd;
    const ended = wishes.filter(({ endedAt }) => endedAt !== undefined);
    return `${part('browse')}, ${part('cart')}, ${part('order')}; orders: ${ended.filter(({ status }) => status === 201).length} paid, ${ended.filter(({ status }) => status === 202).length} accepted, ${wishes.length - ended.length} waiting`;
  }

  /** Sends everybody home; whoever waits for an answer gets it first. */
  async close(): Promise<void> {
    this.tell('the doors close; whoever waits for an answer still gets it');
    await this.crowd.goHome().finally(() => clearInterval(this.#ticker));
    await this.shop.close();
  }

  /** Notes whether a promise held. */
  judge(promise: string, figure: string, holds: boolean): void {
    this.verdicts.push({ promise, figure, holds });
  }

  /** Looks again and again. Resolves with the milliseconds it took; undefined when it did not happen within the bound. */
  async until(isSo: () => Promise<boolean> | boolean, boundMs: number, everyMs = 100): Promise<number | undefined> {
    const begun = Date.now();
    for (;;) {
      if (await Promise.resolve(isSo()).catch(() => false)) return Date.now() - begun;
      if (Date.now() - begun > boundMs) return undefined;
      await pause(everyMs);
    }
  }

  async wait(ms: number): Promise<void> {
    await pause(ms);
  }

  /** kill -9 of a server, container or process. */
  async kill(name: ServerName): Promise<void> {
    const server = await this.serverOf(name);
    this.tell(`kill -9 ${name} (${server.pid ?? server.containerId})`);
    await killServer(server);
  }

  /** Lets a server stand still and go on, as often as wanted: it is there, and does not answer. */
  async pausing(name: ServerName): Promise<{ readonly halt: () => Promise<void>; readonly goOn: () => Promise<void> }> {
    const { pid, containerId } = await this.serverOf(name);
    const signal = async (signal: 'SIGSTOP' | 'SIGCONT', verb: 'pause' | 'unpause'): Promise<void> => {
      if (pid === undefined) await run('docker', [verb, containerId ?? '']);
      else process.kill(pid, signal);
    };
    return { halt: () => signal('SIGSTOP', 'pause'), goOn: () => signal('SIGCONT', 'unpause') };
  }

  /** One that `npm start` has started. @throws Error for any other */
  async serverOf(name: ServerName): Promise<RunningServer> {
    const server = await runningServer(serversDir(this.instance), name);
    if (server === undefined || server.kind === 'env') throw new Error(`${name} was not started by npm start: a game day breaks only what it can mend`);
    return server;
  }

  /** What an operator does: `npm start` brings back what is missing. */
  async repair(): Promise<void> {
    this.tell('npm start');
    await this.operate('infra/local/cli.ts', 'start');
    this.tell('npm start has ended');
  }

  /** Whether a server answers. */
  async answers(name: ServerName): Promise<boolean> {
    return (await runningServer(serversDir(this.instance), name)) !== undefined;
  }

  async workers(app?: string): Promise<readonly WorkerState[]> {
    const { workers } = await inspect(this.instance);
    return app === undefined ? workers : workers.filter((worker) => worker.app === app);
  }

  /** Types a PM2 command. */
  pm2(...args: string[]): Promise<string> {
    this.tell(`pm2 ${args.join(' ')}`);
    return this.operate('node_modules/pm2/bin/pm2', ...args);
  }

  /** Runs one of the project's programs on this shop; resolves with what it printed. @throws Error with its last words */
  operate(file: string, ...args: string[]): Promise<string> {
    const { instance } = this;
    const runFile = readRunFile(instance);
    const env = {
      ...process.env,
      ...(runFile && settingsOf(runFile)),
      SHOPFLEET_INSTANCE: instance.name,
      SHOPFLEET_PORT_OFFSET: String(instance.portOffset),
      SHOPFLEET_RUN_FILE: dataPath(instance, 'run', 'services.json'),
      SHOPFLEET_SKIP_BUILD: '1',
      ...(instance.pm2Home !== undefined && { PM2_HOME: instance.pm2Home }),
    };
    return new Promise((resolve, reject) => {
      const child = spawn(nodeProgram(), [join(instance.projectDir, file), ...args], { cwd: instance.projectDir, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${file} ${args.join(' ')}: ${output.trim().split('\n').slice(-3).join(' ')}`))));
    });
  }

  /** Processes of nginx that answer requests. */
  async nginxWorkers(): Promise<number[]> {
    const master = Number((await readFile(dataPath(this.instance, 'nginx', 'nginx.pid'), 'utf8')).trim());
    const found: number[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))) {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (Number(parent) === master && command.startsWith('nginx: worker')) found.push(Number(pid));
    }
    return found;
  }

  /** Orders that the shop took before a moment and has not ended, and events of before it that have not been told. */
  async backlog(before: number): Promise<number> {
    const books = await booksOf(this.instance);
    const createdAt = { $lt: new Date(before) };
    try {
      const undecided = await books.order.collection('orders').countDocuments({ status: { $in: ['pending', 'reserved', 'awaiting_payment'] }, createdAt });
      const untold = await Promise.all(Object.values(books.services).map((service) => service.collection('outbox').countDocuments({ status: 'pending', createdAt })));
      return untold.reduce((sum, count) => sum + count, undecided);
    } finally {
      await books.close();
    }
  }

  /** When everything has ended: no order that was promised is missing, and every sum agrees. */
  async settle(): Promise<void> {
    const books = await booksOf(this.instance);
    try {
      const left = await untilSettled(books, settleMs);
      const pending = Object.values(left).reduce((sum, count) => sum + count, 0);
      this.judge('everything that was begun ends', `${pending} still under way`, pending === 0);
      const promised = this.crowd.wishes.filter(({ status }) => status === 201 || status === 202).map(({ id }) => id ?? '');
      const kept = await books.order.collection<{ _id: string }>('orders').countDocuments({ _id: { $in: promised } });
      const paid = await books.order.collection<{ _id: string }>('orders').countDocuments({ _id: { $in: promised }, status: { $in: ['paid', 'fulfilling', 'shipped', 'delivered'] } });
      this.judge('no acknowledged order is lost', `${promised.length} acknowledged, ${kept} kept, ${paid} of them paid`, kept === promised.length && new Set(promised).size === promised.length);
      const unanswered = this.crowd.wishes.filter(({ problem }) => problem !== undefined);
      this.judge('every order has its answer, on a retry at the latest', `${unanswered.length} without${unanswered[0] ? `: ${unanswered[0].problem}` : ''}`, unanswered.length === 0);
      const findings = await check(books);
      const wrong = findings.filter(({ difference }) => difference !== 0);
      this.judge('the books agree', `${findings.length - wrong.length} of ${findings.length} rules hold${wrong[0] ? `; ${wrong[0].rule}: ${wrong[0].figures}` : ''}`, wrong.length === 0);
    } finally {
      await books.close();
    }
  }
}

/** How a window of a crowd's requests reads. */
export function words({ asked, failed, p50, p99, slowest, statuses }: Figures): string {
  const answers = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`).join(', ');
  return `${failed} of ${asked} failed (${answers}); p50 ${p50} ms, p99 ${p99} ms, slowest ${slowest} ms`;
}

/** Whether a process is there. */
export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
