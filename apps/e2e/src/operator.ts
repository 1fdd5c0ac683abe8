import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect, killServer, resolveInstance, runningServer, serversDir, type ServerName, type ShopState, type WorkerState } from '@shopfleet/local';
import { call, operate, waitFor, type Call } from './shop.ts';

const instance = resolveInstance();

/** The shop as `npm run status` sees it. */
export function state(): Promise<ShopState> {
  return inspect(instance);
}

export async function workersOf(app: string): Promise<WorkerState[]> {
  return (await state()).workers.filter((worker) => worker.app === app);
}

/** Types a PM2 command in the project's folder. */
export function pm2(...args: string[]): Promise<string> {
  return operate('npx', 'pm2', ...args);
}

/** The daemon of the shop's own PM2. */
export const daemonPid = (): number => Number(readFileSync(path.join(instance.pm2Home ?? '', 'pm2.pid'), 'utf8'));

/** Waits until an app has this many workers and each takes traffic. */
export async function untilReady(app: string, count: number): Promise<void> {
  await waitFor(
    `${count} ready workers of ${app}`,
    async () => {
      const workers = await workersOf(app);
      return workers.length === count && workers.every(({ ok }) => ok) ? true : undefined;
    },
    60,
  );
}

/** kill -9 of a server, container or process. */
export async function kill(name: ServerName): Promise<void> {
  const server = await runningServer(serversDir(instance), name);
  if (!server) throw new Error(`${name} does not run`);
  await killServer(server);
}

/** `npm start` in the running shop: brings back what is missing. */
export async function repair(): Promise<void> {
  await operate(process.execPath, 'infra/local/cli.ts', 'start');
}

export interface LoadResult {
  readonly sent: number;
  /** What went wrong, one line each. */
  readonly failures: readonly string[];
}

/**
 * Keeps asking while `work` goes on: `clients` at once on kept-alive connections, each with its next call as soon as the
 * last is answered. Anything but 2xx is a failure; nothing is tried twice.
 */
export async function underLoad(clients: number, next: (client: number, count: number) => { path: string; call: Call }, work: () => Promise<void>): Promise<LoadResult> {
  let running = true;
  let sent = 0;
  const failures: string[] = [];
  const client = async (number: number): Promise<void> => {
    for (let count = 0; running; count += 1) {
      const { path, call: options } = next(number, count);
      sent += 1;
      try {
        const answer = await call(path, options);
        if (answer.status >= 300) failures.push(`${options.method ?? 'GET'} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
      } catch (error) {
        failures.push(`${options.method ?? 'GET'} ${path}: ${String(error)}`);
      }
    }
  };
  const load = Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  await delay(500);
  try {
    await work();
    await delay(500);
  } finally {
    running = false;
    await load;
  }
  return { sent, failures };
}
