import { availableParallelism } from 'node:os';
import { scaleService, workersInTraffic } from '@shopfleet/local';
import type { LoadShop } from '../load-shop.ts';
import { operatorProcess, waitFor } from '../operator-process.ts';
import type { Scenario } from '../scenario.ts';
import { overloadingCrowd } from '../visitors.ts';

const service = 'product-service';
// Minutes of the rules become three seconds; the rules themselves, what they look at and PM2 are the real ones.
const hurry = 20;

/** The autoscaler on its own while a crowd comes and leaves: one worker more, at most the cores, and one fewer again. */
export const autoscale: Scenario = {
  about: 'the autoscaler while a crowd comes and leaves (its minutes as three seconds)',
  run: async (shop) => {
    const before = await workersInTraffic(shop.instance);
    await scaleService(shop.instance, service, '1');
    const most = Math.max(2, availableParallelism());
    const scaler = operatorProcess(shop, 'tools/operate/autoscaler.ts', '--min', '1', '--max', String(most), '--every', '2', '--hurry', String(hurry));
    try {
      const crowd = overloadingCrowd(shop, 64);
      const came = performance.now();
      const up = await waitFor(`more workers (${scaler.output()})`, 120, () => countedAs(shop, (workers) => workers > 1));
      const upAfter = (performance.now() - came) / 1_000;
      const { answers, failed } = await crowd.leave();
      const left = performance.now();
      await waitFor('one worker again', 300, () => countedAs(shop, (workers) => workers === 1));
      const downAfter = (performance.now() - left) / 1_000;
      console.log(scaler.output().trim().split('\n').map((line) => `  ${line}`).join('\n'));
      return {
        rows: [
          { what: `autoscaler: 1 → ${up} workers of at most ${most} under load`, measured: `after ${upAfter.toFixed(0)} s`, promised: 'up', ok: up <= most },
          { what: 'autoscaler: and one again when the crowd has left', measured: `after ${downAfter.toFixed(0)} s`, promised: 'down', ok: true },
          { what: `autoscaler: answers meanwhile that failed, of ${answers}`, measured: String(failed), promised: '0', ok: failed === 0 },
        ],
        charts: [],
      };
    } finally {
      await scaler.end();
      // It has looked after the others as well.
      for (const [name, workers] of before) await scaleService(shop.instance, name, String(workers));
    }
  },
};

async function countedAs(shop: LoadShop, isWanted: (workers: number) => boolean): Promise<number | undefined> {
  const workers = (await workersInTraffic(shop.instance)).get(service) ?? 0;
  return isWanted(workers) ? workers : undefined;
}
