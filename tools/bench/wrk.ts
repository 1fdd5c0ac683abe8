import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installPackages, locate } from '@shopfleet/local';

/** The load generator's program; installed where it is missing. */
export async function findWrk(): Promise<string> {
  if ((await locate(['wrk'])) === undefined) await installPackages('wrk', { apt: ['wrk'], brew: ['wrk'] }, ({ detail }) => console.log(`  ${detail}`));
  const found = await locate(['wrk']);
  if (found === undefined) throw new Error('wrk is not installed: apt-get install wrk, or brew install wrk');
  return found;
}

/** Requests per second with one thread and 64 connections that are kept. @throws Error when an answer is no 2xx */
export async function requestsPerSecond(wrk: string, url: string, seconds: number, headers: Readonly<Record<string, string>> = {}, script?: string): Promise<number> {
  const { stdout } = await promisify(execFile)(wrk, ['-t1', '-c64', `-d${seconds}s`, ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), ...(script === undefined ? [] : ['-s', script]), url]);
  if (/Non-2xx/u.test(stdout)) throw new Error(`wrk saw failures:\n${stdout}`);
  return Number(/Requests\/sec:\s+([\d.]+)/u.exec(stdout)?.[1] ?? Number.NaN);
}
