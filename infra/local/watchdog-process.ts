import { fileURLToPath } from 'node:url';
import { readJson, writePrivate } from './servers/files.ts';
import { dataPath, type Instance } from './instance.ts';
import { endProcess, isRunning, spawnDetached, startTimeOf, type ProcessRef } from './servers/processes.ts';

const file = (instance: Instance): string => dataPath(instance, 'run', 'watchdog.json');

/** Notes this process as the watchdog of an instance, for `npm stop` to end it first. */
export async function noteWatchdog(instance: Instance): Promise<void> {
  writePrivate(file(instance), JSON.stringify({ pid: process.pid, startTime: await startTimeOf(process.pid) }));
}

/** Starts the watchdog behind us, unless one runs. Resolves with its pid. */
export async function startWatchdog(instance: Instance): Promise<number> {
  const running = readJson<ProcessRef>(file(instance));
  if (running && (await isRunning(running))) return running.pid;
  const { pid } = await spawnDetached({
    command: process.execPath,
    args: [fileURLToPath(new URL('cli.ts', import.meta.url)), 'watchdog'],
    cwd: instance.projectDir,
    env: process.env,
    logFile: dataPath(instance, 'logs', 'watchdog.log'),
  });
  return pid;
}

/** Ends the watchdog, if one runs. */
export async function endWatchdog(instance: Instance): Promise<void> {
  const noted = readJson<ProcessRef>(file(instance));
  if (noted && noted.pid !== process.pid) await endProcess(noted, 'SIGTERM', 5000);
}
