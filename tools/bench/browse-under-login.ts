import { Agent } from 'undici';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { openLoop, timed } from './open-loop.ts';
import { median, percentile, type Row } from './table.ts';

const browsesPerSecond = 200;
const loginsPerSecond = 10;
const rounds = 5;

/** Browsing while people log in. Open loop: requests are sent when they are due, whether or not the last ones are answered. */
export async function benchBrowseUnderLogin(shop: BenchShop, { seconds }: BenchOptions): Promise<Row[]> {
  const dispatcher = new Agent({ connect: { ca: shop.ca }, connections: 64 });
  // Pages that the edge does not hold all at once: some come from workers.
  const browse = (i: number): Promise<number> => timed(dispatcher, `${shop.url}/api/products?page=${1 + (i % 40)}&limit=20`);
  const login = (): Promise<number> => timed(dispatcher, `${shop.url}/api/auth/login`, { email: 'customer@example.com', password: 'shopfleet-demo' });
  try {
    await openLoop(browsesPerSecond, 3, browse);
    const idle: number[] = [];
    const busy: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      idle.push(percentile(await openLoop(browsesPerSecond, seconds, browse), 0.99));
      const logins = openLoop(loginsPerSecond, seconds, login);
      busy.push(percentile(await openLoop(browsesPerSecond, seconds, browse), 0.99));
      await logins;
      console.log(`  round ${round + 1}: p99 idle ${idle.at(-1)?.toFixed(1)} ms, under logins ${busy.at(-1)?.toFixed(1)} ms`);
    }
    const ratio = median(busy.map((p99, i) => p99 / (idle[i] ?? Number.NaN)));
    return [
      { what: `browse-under-login: p99 of ${browsesPerSecond} pages/s, nobody logs in`, measured: `${median(idle).toFixed(1)} ms` },
      { what: `browse-under-login: p99 while ${loginsPerSecond} logins/s arrive`, measured: `${median(busy).toFixed(1)} ms` },
      { what: 'browse-under-login: beside idle (median of pairs)', measured: `${ratio.toFixed(2)} ×`, promised: '≤ 1.5 ×', ok: ratio <= 1.5 },
    ];
  } finally {
    await dispatcher.close();
  }
}
