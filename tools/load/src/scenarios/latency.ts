import { runK6 } from '../k6.ts';
import { summaryOf } from '../samples.ts';
import type { Scenario } from '../scenario.ts';

const connections = 64;

/** 64 visitors who go on as soon as they are answered: the same page, then pages of categories that no cache holds, then such of the whole catalogue. */
export const latency: Scenario = {
  about: 'cached and uncached answers at 64 connections',
  run: async (shop, { seconds }) => {
    await runK6(shop, 'cached', { visitors: 8, seconds: 2 });
    const cached = (await runK6(shop, 'cached', { visitors: connections, seconds })).samples;
    // Until V8 has compiled what it runs a page costs a third more; shops run for longer than a phase.
    await runK6(shop, 'ranged', { visitors: 8, seconds: 8 });
    const uncached = (await runK6(shop, 'uncached', { visitors: connections, seconds })).samples;
    const ranged = (await runK6(shop, 'ranged', { visitors: connections, seconds })).samples;
    const [hit, miss, range] = [summaryOf(cached), summaryOf(uncached), summaryOf(ranged)];
    return {
      rows: [
        { what: `cached answers at ${connections} connections, p95`, measured: `${hit.p95.toFixed(1)} ms`, promised: '< 50 ms', ok: hit.p95 < 50 && hit.failed === 0 },
        { what: `cached answers at ${connections} connections, p99 and rate`, measured: `${hit.p99.toFixed(1)} ms, ${Math.round(hit.perSecond)} requests/s` },
        { what: `uncached answers at ${connections} connections, p95`, measured: `${miss.p95.toFixed(0)} ms`, promised: '< 200 ms', ok: miss.p95 < 200 && miss.failed === 0 },
        { what: 'uncached, the whole catalogue by a range of prices, p95', measured: `${range.p95.toFixed(0)} ms`, promised: '< 200 ms', ok: range.p95 < 200 && range.failed === 0 },
        { what: `uncached answers at ${connections} connections, p99 and rate`, measured: `${miss.p99.toFixed(0)} ms, ${Math.round(miss.perSecond)} requests/s` },
      ],
      charts: [
        { title: 'Cached, 64 connections', samples: cached },
        { title: 'Uncached pages of categories, 64 connections', samples: uncached },
        { title: 'Uncached pages by a range of prices, 64 connections', samples: ranged },
      ],
    };
  },
};
