import { couponNewsOf, type CouponRow } from '@shopfleet/contracts';
import { asUnavailable, loadScript, RedisStateClient, type Script } from '@shopfleet/redis';
import { MongoBulkWriteError, type Db } from 'mongodb';
import type { SeedProduct } from './catalogue.ts';

// As the cart service stores it, see apps/cart/src/carts/cart-keys.ts; its own scripts do the writing.
const cartBook = '{cart}:price-book';
const cartProducts = '{cart}:price-book:products';
const cartAvailability = '{cart}:availability';
const cartCoupons = '{cart}:coupons';
const scriptUrl = (name: string): URL => new URL(`../../../apps/cart/lua/${name}.lua`, import.meta.url);

const BATCH = 500;
const DUPLICATE_KEY = 11_000;

function entriesOf(product: SeedProduct) {
  return product.variants.map(({ sku, name, price, compareAt, weightGrams, active }) => ({
    sku, productId: product._id, partnerId: product.partnerId, name: product.name, variantName: name, price, ...(compareAt && { compareAt }),
    taxClass: product.taxClass, weightGrams, version: product.version, active: active && product.status === 'active',
  }));
}

/** Order's price book: the same rows that product's events would have brought. What is newer there stays. */
async function writeOrderBook(order: Db, products: readonly SeedProduct[]): Promise<void> {
  const rows = products.flatMap(entriesOf);
  if (rows.length === 0) return;
  const book = order.collection<{ _id: string; version: number; priceVersion: number }>('price_book');
  try {
    await book.bulkWrite(
      rows.map(({ sku, ...entry }) => ({
        replaceOne: { filter: { _id: sku, version: { $lte: entry.version }, priceVersion: { $lte: entry.version } }, replacement: { ...entry, priceVersion: entry.version }, upsert: true },
      })),
      { ordered: false },
    );
  } catch (error) {
    // A newer row is there: the upsert's filter passed it over.
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
    if (errors.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  }
}

/** Cart's copies of prices, availability and coupons in redis-state. */
export class CartBook {
  readonly #redis: RedisStateClient;
  readonly #apply: Script<number>;
  readonly #keepNewest: Script<number>;

  constructor(url: string) {
    this.#redis = new RedisStateClient(url);
    this.#apply = loadScript(this.#redis, scriptUrl('price-book-apply'), { keys: 2 });
    this.#keepNewest = loadScript(this.#redis, scriptUrl('newest-wins'), { keys: 1 });
  }

  async size(): Promise<number> {
    return this.#redis.hlen(cartBook);
  }

  async write(products: readonly SeedProduct[]): Promise<void> {
    await Promise.all(
      products.map((product) => this.#apply([cartBook, cartProducts], product._id, product.version, '[]', ...entriesOf(product).map((entry) => JSON.stringify(entry)))),
    );
  }

  async writeSoldOut(rows: readonly { readonly _id: string; readonly version: number }[]): Promise<void> {
    await Promise.all(rows.map(({ _id, version }) => this.#keepNewest([cartAvailability], _id, version, JSON.stringify({ version, inStock: false }))));
  }

  async writeCoupons(coupons: readonly CouponRow[]): Promise<void> {
    await Promise.all(coupons.map(couponNewsOf).map((news) => this.#keepNewest([cartCoupons], news.code, news.version, JSON.stringify(news))));
  }

  /** Forgets which versions are known, so that everything is taken over anew; carts go on with what there is meanwhile. */
  async distrust(): Promise<void> {
    await this.#redis.del(cartProducts, cartAvailability, cartCoupons).catch((error: unknown) => {
      throw asUnavailable(error);
    });
  }

  async clear(): Promise<void> {
    await this.#redis.del(cartBook, cartProducts, cartAvailability, cartCoupons);
  }

  async close(): Promise<void> {
    await this.#redis.onApplicationShutdown();
  }
}

export interface BookSources {
  readonly product: Db;
  readonly order: Db | undefined;
  readonly cart: CartBook | undefined;
}

/**
 * Fills the books of order and cart from the databases of those who know: prices and stock from product, coupons from
 * order. It may run beside live events, for whatever is newer stays.
 * @returns how many prices were written
 */
export async function writeBooks({ product, order, cart }: BookSources, advance: (count: number) => void = () => undefined): Promise<number> {
  let count = 0;
  for await (const batch of batchesOf(product.collection('products').find())) {
    const products = batch as unknown as SeedProduct[];
    await Promise.all([order && writeOrderBook(order, products), cart?.write(products)]);
    const variants = products.reduce((sum, { variants: list }) => sum + list.length, 0);
    count += variants;
    advance(variants);
  }
  if (cart === undefined) return count;
  const soldOut = product.collection<{ _id: string; version: number }>('stock').find({ $expr: { $lte: ['$onHand', '$reserved'] } });
  for await (const batch of batchesOf(soldOut)) await cart.writeSoldOut(batch);
  if (order) for await (const batch of batchesOf(order.collection<CouponRow>('coupons').find())) await cart.writeCoupons(batch as CouponRow[]);
  return count;
}

async function* batchesOf<T>(documents: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const document of documents) {
    batch.push(document);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
