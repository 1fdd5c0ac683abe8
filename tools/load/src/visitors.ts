import { Pool } from 'undici';
import type { LoadShop } from './load-shop.ts';

export interface Crowd {
  /** Ends the load; resolves with how many answers there were and how many of them were none. */
  readonly leave: () => Promise<{ readonly answers: number; readonly failed: number }>;
}

/** So many at once who ask for lists that no cache holds, each as soon as the last is answered, until they are told to leave. */
export function overloadingCrowd({ url, ca }: LoadShop, visitors: number): Crowd {
  const pool = new Pool(url, { connect: { ca }, connections: visitors, headersTimeout: 20_000 });
  let [here, answers, failed] = [true, 0, 0];
  const visitor = async (number: number): Promise<void> => {
    for (let visit = 0; here; visit += 1) {
      const response = await pool.request({ method: 'GET', path: `/api/products?limit=50&page=${1 + (visit % 50)}&minPrice=${1 + number}&maxPrice=${80_000_000 + visit}` }).catch(() => undefined);
      await response?.body.dump();
      answers += 1;
      if (response === undefined || response.statusCode >= 400) failed += 1;
    }
  };
  const crowd = Promise.all(Array.from({ length: visitors }, (_, number) => visitor(number)));
  return {
    leave: async () => {
      here = false;
      await crowd;
      await pool.destroy();
      return { answers, failed };
    },
  };
}
