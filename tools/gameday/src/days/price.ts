import type { GameDay } from '../game-day.ts';
import { Manager } from '../manager.ts';

const [before, after] = [4_990, 3_990];
const workersMs = 1_000;
const edgeMs = 3_000;

interface Shown {
  readonly variants?: readonly { readonly price: { readonly amount: number } }[];
}

export const price: GameDay = {
  name: 'price',
  what: 'a price is changed while everybody looks: in every worker within 1 s, at the edge within 3 s',
  play: async (stage) => {
    const manager = await Manager.login(stage);
    const lamp = await manager.show(1, before);
    const path = `/api/products/${lamp.slug}`;
    const shown = ({ variants }: Shown): number | undefined => variants?.[0]?.price.amount;
    const atEdge = async (): Promise<boolean> => shown((await stage.shop.ask<Shown>(path)).body) === after;
    const workers = await stage.workers('product-service');
    const inWorkers = async (): Promise<boolean> => {
      const amounts = await Promise.all(workers.map(async ({ port }) => shown((await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Shown)));
      return amounts.every((amount) => amount === after);
    };
    await stage.until(async () => shown((await stage.shop.ask<Shown>(path)).body) === before, edgeMs);
    // Kept by every worker, not only by the edge.
    await inWorkers();
    await manager.reprice(lamp, after);
    stage.tell(`${lamp.sku} costs ${(after / 100).toFixed(2)} € from now on`);
    const [worker, edge] = await Promise.all([stage.until(inWorkers, 10_000, 20), stage.until(atEdge, 10_000, 50)]);
    stage.judge(`every worker shows it within ${workersMs} ms`, `${worker ?? '> 10000'} ms, ${workers.length} workers`, (worker ?? Infinity) <= workersMs);
    stage.judge(`the edge shows it within ${edgeMs} ms`, `${edge ?? '> 10000'} ms`, (edge ?? Infinity) <= edgeMs);
    await manager.takeOut(lamp);
  },
};
