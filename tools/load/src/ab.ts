import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { installPackages, locate } from '@shopfleet/local';
import type { Sample } from './samples.ts';

export interface AbRun {
  readonly samples: readonly Sample[];
  readonly failed: number;
  readonly perSecond: number;
}

/** ApacheBench; installed where it is missing. */
export async function findAb(): Promise<string> {
  if ((await locate(['ab'])) === undefined) await installPackages('ab', { apt: ['apache2-utils'], brew: ['httpd'] }, ({ detail }) => console.log(`  ${detail}`));
  const found = await locate(['ab']);
  if (found === undefined) throw new Error('ab is not installed: apt-get install apache2-utils, or brew install httpd');
  return found;
}

/** `ab -n REQUESTS -c CONNECTIONS [-k] URL`. Answers other than 2xx and connections that broke count as failed. */
export async function runAb(url: string, { requests, connections, keepAlive }: { readonly requests: number; readonly connections: number; readonly keepAlive: boolean }): Promise<AbRun> {
  const program = await findAb();
  const folder = mkdtempSync(path.join(tmpdir(), 'shopfleet-ab-'));
  try {
    const times = path.join(folder, 'times.tsv');
    const args = ['-q', '-n', String(requests), '-c', String(connections), ...(keepAlive ? ['-k'] : []), '-s', '30', '-H', 'Accept-Encoding: gzip', '-g', times, url];
    console.log(`  ab ${args.filter((_, index) => args[index] !== '-g' && args[index - 1] !== '-g').join(' ')}`);
    const { stdout } = await promisify(execFile)(program, args, { timeout: 300_000, maxBuffer: 16 * 1024 * 1024 });
    const figure = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0);
    const complete = figure(/^Complete requests:\s+(\d+)/mu);
    // A cached page may change its length from one second to the next; what ab calls a length failure is none.
    const broken = ['Connect', 'Receive', 'Exceptions'].reduce((sum, kind) => sum + figure(new RegExp(`${kind}: (\\d+)`, 'u')), 0);
    return { samples: read(times), failed: requests - complete + broken + figure(/^Non-2xx responses:\s+(\d+)/mu), perSecond: figure(/^Requests per second:\s+([\d.]+)/mu) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A line for each request: its start in words and in microseconds, then connecting, processing, the whole and waiting in milliseconds. */
function read(file: string): Sample[] {
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1).map((line) => line.split('\t'));
  const began = rows.reduce((least, row) => Math.min(least, Number(row[1])), Infinity);
  return rows.map((row) => ({ at: Number(row[1]) - began + Number(row[4]) / 1_000, milliseconds: Number(row[4]), ok: true, name: 'ab' }));
}
