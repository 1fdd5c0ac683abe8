import { accountOf, demoPassword, randomOf } from '@shopfleet/seed';
import { startBenchShop, type BenchShop } from '@shopfleet/bench';
import { Agent, request } from 'undici';
import { findK6 } from './k6.ts';

/** What there is to ask for; handed to k6 as it is. */
export interface LoadData {
  readonly url: string;
  readonly seed: number;
  /** In a seeded order: the first are asked for most. */
  readonly slugs: readonly string[];
  readonly skus: readonly string[];
  /** Slugs of every level. */
  readonly categories: readonly string[];
  readonly carts: readonly string[];
  readonly bearer: string;
  readonly login: { readonly email: string; readonly password: string };
  /** Addresses of customers who log in with the same password. */
  readonly customers: readonly string[];
}

/** The shop under load: one of its own, on this machine only, its limits raised for loopback. */
export interface LoadShop extends BenchShop {
  readonly k6: string;
  readonly data: LoadData;
}

interface Category {
  readonly slug: string;
  readonly children: readonly Category[];
}
const slugsIn = (categories: readonly Category[]): string[] => categories.flatMap(({ slug, children }) => [slug, ...slugsIn(children)]);

const login = { email: 'customer@example.com', password: demoPassword };
/** As the data set was made. */
const dataSeed = Number(process.env['SEED'] ?? 42);

/** Starts the shop and looks at what it sells. */
export async function startLoadShop(seed: number): Promise<LoadShop> {
  const k6 = await findK6();
  const shop = await startBenchShop();
  try {
    return { ...shop, k6, data: await look(shop, seed) };
  } catch (error) {
    await shop.stop();
    throw error;
  }
}

async function look({ url, ca }: BenchShop, seed: number): Promise<LoadData> {
  const dispatcher = new Agent({ connect: { ca } });
  const ask = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const json = body === undefined ? {} : { method: 'POST' as const, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await request(`${url}${path}`, { dispatcher, ...json });
    const text = await response.body.text();
    if (response.statusCode >= 300) throw new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  try {
    const [slugs, skus, carts]: [string[], string[], string[]] = [[], [], []];
    for (let page = 1; page <= 20; page += 1) {
      const { items } = await ask(`/api/products?inStock=true&limit=100&page=${page}`);
      for (const { slug, variants } of items as { slug: string; variants: { sku: string; inStock?: boolean; price: { currency: string } }[] }[]) {
        slugs.push(slug);
        skus.push(...variants.filter(({ price, inStock }) => price.currency === 'EUR' && inStock !== false).map(({ sku }) => sku));
      }
    }
    for (const sku of skus.slice(0, 64)) carts.push(String((await ask('/api/cart/items', { sku, quantity: 1 }))['cartToken']));
    const { items } = await ask('/api/categories');
    const customers = Array.from({ length: 1_000 }, (_, n) => accountOf(dataSeed, 100 + n).email);
    // Says so at once where the data set was made with another SEED than this one.
    await ask('/api/auth/login', { email: customers[0], password: demoPassword });
    return { url, seed, slugs: randomOf(seed, 'load/popularity').shuffle(slugs), skus, categories: slugsIn(items as Category[]), carts, bearer: String((await ask('/api/auth/login', login))['accessToken']), login, customers };
  } finally {
    await dispatcher.close();
  }
}
