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
import { WatchedDaemon } from '../watched-daemon.ts';

const lookEveryMs = 1000;
const rotateEveryMs = 60_000;
// A start on a busy machine takes a minute or two; one that hangs must not be waited for until somebody looks.
const repairWithinMs = 10 * 60_000;

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
  const daemon = new WatchedDaemon(new Pm2(instance));
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

async function bringBack(instance: Instance, console: Console, what: string): Promise<boolean> {
  const begun = Date.now();
  console.warn(`${new Date().toISOString()} ${what} is gone; starting what is missing`);
  // In a process of its own: one that fails must not end the watchdog.
  const { code, output } = await runNode([fileURLToPath(new URL('../cli.ts', import.meta.url)), 'repair'], { cwd: instance.projectDir, withinMs: repairWithinMs });
  if (code === 0) console.print(`${new Date().toISOString()} all is back after ${Math.round((Date.now() - begun) / 1000)} s`);
  else console.warn(`it failed, and is tried again: ${output.trim().split('\n').at(-1) ?? ''}`);
  return code === 0;
}
