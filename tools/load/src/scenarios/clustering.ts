import { availableParallelism } from 'node:os';
import { scaleService } from '@shopfleet/local';
import type { Chart } from '../report.ts';
import { runK6 } from '../k6.ts';
import { processorTime, taken, total } from '../processor-time.ts';
import { summaryOf } from '../samples.ts';
import type { Scenario } from '../scenario.ts';

const service = 'cart-service';
const visitors = 64;
const workers = [1, 2, 4];

/**
 * Carts read by 64 visitors, with one worker and with more. How much more is possible is a matter of the cores: what a
 * request takes of a worker, beside what it takes of all.
 */
export const clustering: Scenario = {
  about: 'throughput with one worker and with more, and what more cores would give',
  run: async (shop, { seconds }) => {
    const charts: Chart[] = [];
    const found: { workers: number; perSecond: number; ofWorker: number; ofAll: number }[] = [];
    for (const count of workers) {
      await scaleService(shop.instance, service, String(count));
      await runK6(shop, 'cart', { visitors, seconds: 3 });
      const before = await processorTime(shop.instance);
      const { samples } = await runK6(shop, 'cart', { visitors, seconds });
      const spent = taken(before, await processorTime(shop.instance));
      const { perSecond, requests, p95 } = summaryOf(samples);
      found.push({ workers: count, perSecond, ofWorker: ((spent.get(service) ?? 0) / requests) * 1_000, ofAll: (total(spent) / requests) * 1_000 });
      console.log(`  ${count} workers: ${Math.round(perSecond)}/s, p95 ${p95.toFixed(0)} ms`);
      charts.push({ title: `Carts, ${count} ${count === 1 ? 'worker' : 'workers'}`, samples });
    }
    await scaleService(shop.instance, service, '2');
    const [one, ...more] = found;
    if (one === undefined) return { rows: [], charts };
    const best = Math.max(...more.map(({ perSecond }) => perSecond)) / one.perSecond;
    const possible = (cores: number): number => (cores * one.ofWorker) / one.ofAll;
    const cores = availableParallelism();
    return {
      rows: [
        ...found.map(({ workers: count, perSecond }) => ({ what: `clustering: carts with ${count} ${count === 1 ? 'worker' : 'workers'}`, measured: `${Math.round(perSecond)} requests/s` })),
        { what: `clustering: the best of them beside one worker, on ${cores} cores that the load generator shares`, measured: `${best.toFixed(2)} ×`, promised: '4–8 × (on 8 cores)', ...(cores >= 8 && { ok: best >= 4 }) },
        { what: 'clustering: processor time of a request, of its worker and of the whole shop', measured: `${one.ofWorker.toFixed(2)} and ${one.ofAll.toFixed(2)} ms` },
        { what: `clustering: so one worker's rate grows at most, on ${cores}, 4, 8 and 16 cores for the shop alone`, measured: [cores, 4, 8, 16].map((count) => `${Math.max(1, possible(count)).toFixed(1)} ×`).join(', ') },
      ],
      charts,
    };
  },
};
