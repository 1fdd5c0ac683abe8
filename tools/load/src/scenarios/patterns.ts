import { availableParallelism } from 'node:os';
import type { Row } from '@shopfleet/bench';
import { metricsTargets } from '@shopfleet/local';
import { commandP95Of, scrape } from '@shopfleet/vitals';
import { processorTime, taken, total } from '../processor-time.ts';
import { runK6, type K6Run, type Plan } from '../k6.ts';
import type { LoadShop } from '../load-shop.ts';
import { summaryOf, type Sample } from '../samples.ts';
import type { Scenario } from '../scenario.ts';

/** Visits a second of 32 visitors who go on as soon as they are answered. */
async function capacityOf(shop: LoadShop, seconds: number): Promise<number> {
  await runK6(shop, 'visit', { visitors: 16, seconds: 3 });
  const { visits, samples } = await runK6(shop, 'visit', { visitors: 32, seconds });
  const perSecond = (visits * (1 - summaryOf(samples).failedShare)) / seconds;
  console.log(`  the shop bears ${Math.round(perSecond)} visits/s`);
  return perSecond;
}

const bound = { p95: 200, failed: 0.001 } as const;
const promised = '< 200 ms, < 0.1 %';

function rowOf(what: string, { samples, dropped }: K6Run, isPromise = true): Row {
  const { p95, failedShare, requests } = summaryOf(samples);
  // A visit that was due and did not take place is a failure of the shop: every visitor was still waiting.
  const share = (failedShare * requests + dropped) / Math.max(1, requests + dropped);
  const measured = `${p95.toFixed(0)} ms, ${(share * 100).toFixed(2)} %`;
  return isPromise ? { what, measured, promised, ok: p95 < bound.p95 && share < bound.failed } : { what, measured };
}

const part = (samples: readonly Sample[], from: number, to: number): K6Run => ({ samples: samples.filter(({ at }) => at >= from && at < to), dropped: 0, visits: 0 });

/** Half of what the shop bears, then four fifths. */
export const normal: Scenario = {
  about: 'open loop at half of capacity, then (peak) at four fifths',
  run: async (shop, { seconds }) => {
    const most = await capacityOf(shop, seconds);
    const targets = metricsTargets(shop.instance);
    const [before, counted] = [await processorTime(shop.instance), await scrape(targets)];
    const calm = await runK6(shop, 'visit', { perSecond: most / 2, seconds: seconds * 2 });
    const used = total(taken(before, await processorTime(shop.instance))) / (seconds * 2) / availableParallelism();
    const queries = (commandP95Of(counted, await scrape(targets)) ?? Number.NaN) * 1_000;
    const peak = await runK6(shop, 'visit', { perSecond: most * 0.8, seconds: seconds * 2 });
    return {
      rows: [
        { what: 'capacity: visits of the mix, 32 at once', measured: `${Math.round(most)}/s` },
        rowOf(`normal load (${Math.round(most / 2)} visits/s): p95, errors`, calm),
        { what: `normal load: of ${availableParallelism()} cores, taken by the shop`, measured: `${Math.round(used * 100)} %`, promised: '< 70 %', ok: used < 0.7 },
        { what: 'normal load: commands of all services to MongoDB, p95', measured: `${queries.toFixed(1)} ms`, promised: '< 50 ms', ok: queries < 50 },
        rowOf(`peak load (${Math.round(most * 0.8)} visits/s): p95, errors`, peak),
      ],
      charts: [
        { title: 'Normal: half of capacity', samples: calm.samples },
        { title: 'Peak: four fifths of capacity', samples: peak.samples },
      ],
    };
  },
};

/** Beyond what it bears, slowly and at once; what counts is that the shop is itself again afterwards. */
export const stress: Scenario = {
  about: 'stress (a ramp to one and a half of capacity) and spike, and the recovery from both',
  run: async (shop, { seconds }) => {
    const most = await capacityOf(shop, seconds);
    const ramp: Plan = { stages: [{ perSecond: most * 0.4, seconds }, { perSecond: most * 1.5, seconds: seconds * 2 }, { perSecond: most * 0.4, seconds: 1 }, { perSecond: most * 0.4, seconds: seconds * 2 }] };
    const stressed = await runK6(shop, 'visit', ramp);
    const burst: Plan = { stages: [{ perSecond: most * 0.3, seconds }, { perSecond: most * 1.5, seconds: 1 }, { perSecond: most * 1.5, seconds: 5 }, { perSecond: most * 0.3, seconds: 1 }, { perSecond: most * 0.3, seconds: seconds * 2 }] };
    const spiked = await runK6(shop, 'visit', burst);
    return {
      rows: [
        rowOf('stress, up to 1.5 × capacity: p95, errors', stressed, false),
        rowOf('stress: last part, at 0.4 × again', part(stressed.samples, seconds * 4 + 1, Infinity)),
        rowOf('spike, 6 s at 1.5 × capacity: p95, errors', spiked, false),
        rowOf('spike: last part, at 0.3 × again', part(spiked.samples, seconds * 2 + 7, Infinity)),
      ],
      charts: [
        { title: 'Stress: 0.4 × to 1.5 × capacity and back', samples: stressed.samples },
        { title: 'Spike: 0.3 ×, six seconds at 1.5 ×, and back', samples: spiked.samples },
      ],
    };
  },
};

/** S2's 10, 50 and 100 a second, in the same proportion below what this machine bears: a login alone is 17 ms of a core. */
export const flow: Scenario = {
  about: 'login → list → create, at 10 : 50 : 100 of what the machine bears',
  run: async (shop, { seconds }) => {
    await runK6(shop, 'flow', { visitors: 4, seconds: 2 });
    // Only who has bought has gone through.
    const most = (await runK6(shop, 'flow', { visitors: 8, seconds })).samples.filter(({ name, ok }) => name === 'order' && ok).length / seconds;
    const rows: Row[] = [{ what: 'login → list → create: capacity, 8 at once', measured: `${most.toFixed(1)} flows/s` }];
    const charts = [];
    // The greatest of the three is four fifths of capacity: an open loop at all of it has no bound.
    for (const share of [0.08, 0.4, 0.8]) {
      const run = await runK6(shop, 'flow', { perSecond: Math.max(1, most * share), seconds: seconds * 2 });
      rows.push(rowOf(`login → list → create at ${Math.max(1, Math.round(most * share))}/s (${share * 100} % of capacity): p95, errors`, run));
      charts.push({ title: `login → list → create at ${share * 100} % of capacity`, samples: run.samples });
    }
    return { rows, charts };
  },
};
