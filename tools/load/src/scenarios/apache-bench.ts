import { inspect } from '@shopfleet/local';
import { runAb } from '../ab.ts';
import type { Scenario } from '../scenario.ts';
import { summaryOf } from '../samples.ts';

const page = '/api/products?limit=20';

/** S4's two commands as they stand, on the first page of the catalogue. */
export const apacheBench: Scenario = {
  about: 'ab -n 10000 -c 1000, and ab -n 50000 -c 2000 -k',
  run: async (shop) => {
    // By its number: ab would take ::1 for localhost, which LOADTEST_CIDR does not name.
    const url = `${shop.url.replace('localhost', '127.0.0.1')}${page}`;
    await runAb(url, { requests: 2_000, connections: 16, keepAlive: true });
    const cold = await runAb(url, { requests: 10_000, connections: 1_000, keepAlive: false });
    const kept = await runAb(url, { requests: 50_000, connections: 2_000, keepAlive: true });
    const largest = Math.round(Math.max(...(await inspect(shop.instance)).workers.map(({ memoryBytes }) => memoryBytes)) / 2 ** 20);
    return {
      rows: [
        { what: 'ab -n 10000 -c 1000: failed', measured: String(cold.failed), promised: '0', ok: cold.failed === 0 },
        { what: 'ab -n 10000 -c 1000: a TLS handshake for each', measured: `${Math.round(cold.perSecond)} requests/s, p95 ${Math.round(summaryOf(cold.samples).p95)} ms` },
        { what: 'ab -n 50000 -c 2000 -k: failed', measured: String(kept.failed), promised: '0', ok: kept.failed === 0 },
        { what: 'ab -n 50000 -c 2000 -k', measured: `${Math.round(kept.perSecond)} requests/s`, promised: '≥ 5,000 requests/s', ok: kept.perSecond >= 5_000 },
        { what: 'ab: the largest worker afterwards', measured: `${largest} MB`, promised: '< 500 MB', ok: largest < 500 },
      ],
      charts: [
        { title: 'ab -n 10000 -c 1000', samples: cold.samples },
        { title: 'ab -n 50000 -c 2000 -k', samples: kept.samples },
      ],
    };
  },
};
