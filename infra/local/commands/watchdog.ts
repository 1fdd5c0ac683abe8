import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runNode } from '../child.ts';
import type { Console } from '../console.ts';
import { gatewayPid } from '../gateway.ts';
import { dataPath, type Instance } from '../instance.ts';
import { rotateLogs } from '../log-rotation.ts';
import { Pm2 } from '../pm2.ts';
import { requireSameKind } from '../run-file.ts';
import { lockHolder } from '../start-lock.ts';
import { noteWatchdog } from '../watchdog-process.ts';

const lookEveryMs = 1000;
const rotateEveryMs = 60_000;

/**
 * `npm run watchdog`: runs until it is ended, and brings PM2 with all its services, or nginx, back when one was killed.
 * PM2 looks after its workers; this looks after PM2, where systemd does not (infra/systemd). Rotates the logs meanwhile.
 */
export async function watchdog(instance: Instance, console: Console): Promise<number> {
  requireSameKind(instance);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort());
  await noteWatchdog(instance);
  console.print(`Watching the shop (pid ${process.pid}).`);
  let rotateAt = Date.now() + rotateEveryMs;
  let notYetBack: string | undefined;
  const daemon = new WatchedDaemon(instance);
  while (!stopping.signal.aborted) {
    await delay(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) break;
    // Whoever starts or stops the shop knows what he does.
    if ((await lockHolder(dataPath(instance, 'run', 'start.lock'))) === undefined) {
      const missing = (await whatDied(instance, daemon)) ?? notYetBack;
      if (missing !== undefined) notYetBack = (await bringBack(instance, console, missing)) ? undefined : missing;
    }
    if (Date.now() < rotateAt) continue;
    rotateAt = Date.now() + rotateEveryMs;
    await rotateLogs(instance).catch((error: unknown) => console.warn(`logs were not rotated: ${error instanceof Error ? error.message : String(error)}`));
  }
  return 0;
}

async function whatDied(instance: Instance, daemon: WatchedDaemon): Promise<string | undefined> {
  const lost = await daemon.lost();
  if (lost !== undefined) return lost;
  return (await gatewayPid(dataPath(instance, 'nginx'))) === undefined ? 'nginx' : undefined;
}

/**
 * PM2's daemon, and whether it is the one with the services: whoever asks a daemon that was killed for its list (`pm2 ls`)
 * launches another that has none.
 */
class WatchedDaemon {
  readonly #pm2: Pm2;
  #serving: number | undefined;
  #bare: number | undefined;

  constructor(instance: Instance) {
    this.#pm2 = new Pm2(instance);
  }

  /** What is gone of it. Its list is asked for only where its process is another than before: that costs a third of a second. */
  async lost(): Promise<string | undefined> {
    const pid = await this.#pm2.daemonPid();
    if (pid === undefined) return "PM2's daemon";
    if (pid === this.#serving) return undefined;
    // A daemon that is killed while it is asked is looked at again; whatever PM2 answers, the watchdog goes on.
    const listed = await this.#pm2.ownProcesses().catch(() => undefined);
    if (listed === undefined) return undefined;
    const serves = listed.length > 0;
    if (serves) this.#serving = pid;
    // At the first look somebody may be about to resurrect them.
    const lost = !serves && pid === this.#bare;
    this.#bare = pid;
    return lost ? 'what PM2 ran' : undefined;
  }
}

async function bringBack(instance: Instance, console: Console, what: string): Promise<boolean> {
  const begun = Date.now();
  console.warn(`${new Date().toISOString()} ${what} is gone; starting what is missing`);
  // In a process of its own: one that fails must not end the watchdog.
  const { code, output } = await runNode([fileURLToPath(new URL('../cli.ts', import.meta.url)), 'repair'], { cwd: instance.projectDir });
  if (code === 0) console.print(`${new Date().toISOString()} all is back after ${Math.round((Date.now() - begun) / 1000)} s`);
  else console.warn(`it failed, and is tried again: ${output.trim().split('\n').at(-1) ?? ''}`);
  return code === 0;
}
