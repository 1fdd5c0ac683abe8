import { readdir, readFile } from 'node:fs/promises';
import { inspect } from '@shopfleet/local';
import type { BenchShop } from './bench-shop.ts';

/** Milliseconds of processor time by part of the shop, since its processes started. */
export type ProcessorTime = ReadonlyMap<string, number>;

// What Linux counts in; the same on every machine of today.
const tickMs = 10;

/**
 * What the shop has taken of the processors: rates depend on what else a machine does, this much less. The shoppers are this
 * very process. Empty where there is no /proc.
 */
export async function readProcessorTime(shop: BenchShop): Promise<ProcessorTime> {
  const sums = new Map<string, number>();
  if (process.platform !== 'linux') return sums;
  const { servers, workers, gateway } = await inspect(shop.instance);
  const partOf = new Map<number, string>([
    ...servers.flatMap(({ name, pid }) => (pid === undefined ? [] : [[pid, name] as const])),
    ...workers.map(({ app, pid }) => [pid, app.replace(/-service$/u, '')] as const),
    ...(gateway.pid === undefined ? [] : [[gateway.pid, 'nginx'] as const]),
  ]);
  const processes = await listProcesses();
  for (const { pid, ms } of processes.values()) {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = processes.get(at)?.parent) {
      const part = partOf.get(at);
      if (part === undefined) continue;
      sums.set(part, (sums.get(part) ?? 0) + ms);
      break;
    }
  }
  const { user, system } = process.cpuUsage();
  return sums.set('shoppers', (user + system) / 1_000);
}

/** A line of what each of `count` orders or requests took between two looks, the greatest part first. */
export function processorTimeEach(before: ProcessorTime, after: ProcessorTime, count: number): string {
  const parts = [...after].map(([part, ms]) => [part, (ms - (before.get(part) ?? 0)) / count] as const).toSorted(([, a], [, b]) => b - a);
  const all = parts.reduce((sum, [, ms]) => sum + ms, 0);
  const digits = all < 5 ? 3 : 1;
  return `${all.toFixed(digits)} ms: ${parts.filter(([, ms]) => ms >= all / 500).map(([part, ms]) => `${part} ${ms.toFixed(digits)}`).join(', ')}`;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ms: number;
}

async function listProcesses(): Promise<ReadonlyMap<number, Process>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid): Promise<readonly [number, Process] | undefined> => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name in parentheses may hold spaces: count the columns behind it.
      const columns = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // In user mode, in the kernel, and both of children that have ended.
      const ticks = columns.slice(11, 15).reduce((sum, column) => sum + Number(column), 0);
      return columns.length < 15 ? undefined : [pid, { pid, parent: Number(columns[1]), ms: ticks * tickMs }];
    }),
  );
  return new Map(found.filter((entry) => entry !== undefined));
}
