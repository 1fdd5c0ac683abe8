import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { gatewayPid } from './gateway.ts';
import { endProcess, startTimeOf } from './servers/processes.ts';

/**
 * Ends the workers of an nginx whose master was killed: they go on answering and hold the ports, so that no other could
 * start. Resolves with how many there were. Only Linux tells whose they are.
 */
export async function endGatewayOrphans(runDir: string): Promise<number> {
  if (process.platform !== 'linux' || !existsSync(runDir) || (await gatewayPid(runDir)) !== undefined) return 0;
  const folder = realpathSync(runDir);
  const orphans = readdirSync('/proc').map(Number).filter((pid) => Number.isInteger(pid) && isWorkerIn(folder, pid));
  await Promise.all(orphans.map(async (pid) => endProcess({ pid, startTime: (await startTimeOf(pid)) ?? '' }, 'SIGQUIT', 3_000)));
  return orphans.length;
}

// nginx changes into its run folder at its start.
function isWorkerIn(folder: string, pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'nginx' && readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}
