import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { inspect, type Instance } from '@shopfleet/local';

/** Seconds of processor time that each part of the shop has taken: `nginx`, `product-service`, `mongod` and so on. */
export type ProcessorTime = ReadonlyMap<string, number>;

/** Reads what the processes of a shop have taken so far. Linux, and servers that run as processes of this machine. */
export async function processorTime(instance: Instance): Promise<ProcessorTime> {
  const [state, ticks, children] = [await inspect(instance), await ticksPerSecond(), childrenByParent()];
  const roots: [string, number | undefined][] = [['nginx', state.gateway.pid], ...state.workers.map(({ app, pid }): [string, number] => [app, pid]), ...state.servers.map(({ name, pid }): [string, number | undefined] => [name, pid])];
  const times = new Map<string, number>();
  for (const [name, pid] of roots) {
    if (pid === undefined) throw new Error(`${name} is no process of this machine: SHOPFLEET_SERVERS=binary starts it as one`);
    for (const process of [pid, ...descendants(pid, children)]) times.set(name, (times.get(name) ?? 0) + secondsOf(process, ticks));
  }
  return times;
}

/** What was taken between two readings, by part; processes that ended meanwhile count as nothing. */
export function taken(before: ProcessorTime, after: ProcessorTime): ProcessorTime {
  return new Map([...after].map(([name, seconds]) => [name, Math.max(0, seconds - (before.get(name) ?? 0))]));
}

export const total = (time: ProcessorTime): number => [...time.values()].reduce((sum, seconds) => sum + seconds, 0);

async function ticksPerSecond(): Promise<number> {
  return Number((await promisify(execFile)('getconf', ['CLK_TCK'])).stdout);
}

function statOf(pid: number): string[] | undefined {
  try {
    // The name, in brackets, may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /su, '').split(' ');
  } catch {
    return undefined;
  }
}

function secondsOf(pid: number, ticks: number): number {
  const stat = statOf(pid);
  return stat === undefined ? 0 : (Number(stat[11]) + Number(stat[12])) / ticks;
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? statOf(pid)?.[1] : undefined;
    if (parent !== undefined) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), pid]);
  }
  return children;
}

function descendants(pid: number, children: ReadonlyMap<number, readonly number[]>): number[] {
  return (children.get(pid) ?? []).flatMap((child) => [child, ...descendants(child, children)]);
}
