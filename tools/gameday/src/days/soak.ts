import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { collectGarbage } from '../collect-garbage.ts';
import type { GameDay } from '../game-day.ts';
import { growthOf, type Sample } from '../growth.ts';
import type { Stage } from '../stage.ts';

const minutes = Number(process.env['SOAK_MINUTES'] || 30);
// A worker's memory moves by one or two megabytes with what is just under way: of ten weighings a slope would say that by itself.
const samples = 60;
const promisedSlope = 1;
const promisedSpread = 2;
/** Samples at each end whose descriptors are compared. */
const compared = 9;

export const soak: GameDay = {
  name: 'soak',
  what: `${minutes} minutes of an ordinary day (SOAK_MINUTES; caches fill for a quarter of an hour): workers do not grow (Linux)`,
  play: async (stage) => {
    const taken = new Map<string, Sample[]>();
    const begun = Date.now();
    for (let sample = 1; sample <= samples; sample += 1) {
      await stage.wait(begun + (sample / samples) * minutes * 60_000 - Date.now());
      const weighed = await sampleWorkers(stage, (Date.now() - begun) / 60_000);
      for (const [name, each] of weighed) taken.set(name, [...(taken.get(name) ?? []), each]);
      stage.tell(`  weighed: ${weighed.map(([name, { megabytes, held, descriptors }]) => `${name} ${megabytes.toFixed(1)} MB (heap ${held.heap.toFixed(1)}, buffers ${held.buffers.toFixed(1)}), ${descriptors} open`).join('; ')}`);
    }
    // A worker that has just begun compiles and fills its caches: the second half says whether it goes on growing.
    const settled = new Map([...taken].map(([name, all]) => [name, all.filter((sample) => sample.minutes > minutes / 2)]));
    for (const [name, each] of settled) {
      const { slope, isOneProcess } = growthOf(each);
      const [first, last] = [each.at(0), each.at(-1)].map((sample) => `${sample?.megabytes.toFixed(0) ?? '?'} MB, of it heap ${sample?.held.heap.toFixed(1) ?? '?'}`);
      const isWhole = isOneProcess && each.length >= samples / 2 - 1;
      const measured = `${(slope * 10).toFixed(2)} MB (${first}; at the end ${last})${isWhole ? '' : isOneProcess ? '; not weighed to the end' : '; replaced meanwhile'}`;
      stage.judge(`${name}: at most ${promisedSlope} MB more in ten minutes`, measured, slope * 10 <= promisedSlope && isWhole);
    }
    // nginx gives a connection to whichever worker has the fewest, so what one of them closes another opens: a leak shows in their mean.
    for (const app of new Set([...settled.keys()].map(appOf))) {
      const [before, after] = descriptorsOf([...settled].filter(([name]) => appOf(name) === app).map(([, each]) => each));
      stage.judge(`${app}: as many descriptors a worker as before, ± ${promisedSpread}`, `${before.toFixed(1)} → ${after.toFixed(1)}`, Math.abs(after - before) <= promisedSpread);
    }
  },
};

const appOf = (worker: string): string => worker.split(' ')[0] ?? worker;

/** How many a worker has open on average, in the first and in the last samples. */
function descriptorsOf(workers: readonly (readonly Sample[])[]): [before: number, after: number] {
  const mean = (parts: readonly Sample[]): number => parts.reduce((sum, { descriptors }) => sum + descriptors, 0) / Math.max(1, parts.length);
  return [mean(workers.flatMap((each) => each.slice(0, compared))), mean(workers.flatMap((each) => each.slice(-compared)))];
}

async function sampleWorkers(stage: Stage, at: number): Promise<[string, Sample][]> {
  const found: [string, Sample][] = [];
  for (const { app, port, pid } of await stage.workers()) {
    // What stands in for others keeps all mails and payments that it is told.
    // PM2 has no process for one that it is just starting anew.
    if (!app.endsWith('-service') || pid === 0) continue;
    // Dead memory is looked for when there is much of it, after a quarter of an hour or two: what counts is what is kept.
    const held = await collectGarbage(pid).catch((error: unknown) => {
      // One that has ended since it was listed is weighed no more.
      if (existsSync(`/proc/${pid}`)) throw error;
      return undefined;
    });
    if (held === undefined) continue;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const megabytes = Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1] ?? 0) / 1024;
    const descriptors = (await readdir(`/proc/${pid}/fd`).catch(() => [])).length;
    if (megabytes > 0) found.push([`${app} ${port}`, { pid, minutes: at, megabytes, held, descriptors }]);
  }
  return found;
}
