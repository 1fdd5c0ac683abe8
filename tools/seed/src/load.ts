import type { WriteStream } from 'node:tty';
import { hash } from '@node-rs/argon2';
import { RedisCacheClient } from '@shopfleet/redis';
import { MongoClient, type Db } from 'mongodb';
import { frameOf, productOf, type CatalogueFrame } from './catalogue.ts';
import { couponsOf } from './coupons.ts';
import { dealsOf } from './deals.ts';
import { insertNew } from './insert.ts';
import { removeOrders, writeOrders, type OrderBooks } from './order-history.ts';
import { accountOf, demoPassword } from './people.ts';
import { pairsOf } from './co-purchases.ts';
import { paintPictures, type SeedImage } from './pictures.ts';
import { CartBook, writeBooks } from './price-books.ts';
import { variantCount, type Profile } from './profiles.ts';
import { Progress } from './progress.ts';
import { randomOf, seededId } from './random.ts';
import { ratingsOf, reviewDraws, reviewOf, type SeedReview } from './reviews.ts';
import { SearchIndex } from './search-index.ts';
import { SeedError } from './seed-error.ts';
import type { Targets } from './targets.ts';

const BATCH = 1_000;
const LOW_AT = 5;
const catalogueCollections = ['products', 'categories', 'deals', 'reviews', 'stock', 'stock_movements', 'search_words', 'pairs', 'holds', 'purchases'];

interface SeedRun {
  readonly _id: 'data-set';
  readonly profile: string;
  readonly seed: number;
  readonly state: 'loading' | 'complete';
  /** How many orders are there; absent in a set that was loaded before there were any. */
  readonly orders?: number;
}

export interface LoadOptions {
  readonly profile: Profile;
  readonly seed: number;
  readonly targets: Targets;
  /** Empties the catalogue first. */
  readonly replace: boolean;
  /** How many orders there are to be in all; default: as many as the profile begins with. */
  readonly orders?: number | undefined;
  readonly out: WriteStream;
}

/**
 * Loads a profile into the services' databases. A second run changes nothing; after one that was broken off it goes on,
 * since every document is the same whenever it is made and what is there already stays.
 * @throws SeedError where that would destroy what is not its own
 */
export async function load(options: LoadOptions): Promise<void> {
  const { targets, out } = options;
  const clients: MongoClient[] = [];
  const open = async (uri: string): Promise<Db> => {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000, writeConcern: { w: 1 }, appName: 'seed', ignoreUndefined: true });
    clients.push(client);
    await client.connect().catch((error: unknown) => {
      throw new SeedError(`The database at ${hostOf(uri)} does not answer. Start the shop with npm start, then seed again.`, { cause: error });
    });
    return client.db();
  };
  const cart = targets.redisState === undefined ? undefined : new CartBook(targets.redisState);
  try {
    const product = await open(targets.product);
    const order = targets.order === undefined ? undefined : await open(targets.order);
    const auth = targets.auth === undefined ? undefined : await open(targets.auth);
    const run = await prepare(product, auth, options);
    const progress = new Progress(documentsIn(options), out);
    const step = new Steps(options, product, progress);
    const books = order && targets.simulator !== undefined && !targets.production ? { product, order, simulator: targets.simulator } : undefined;
    if (run === 'replace') await Promise.all([order?.collection('price_book').deleteMany({}), order?.collection('coupons').deleteMany({}), cart?.clear(), books && removeOrders(books)]);
    if (run === 'complete') {
      if (cart && (await cart.size()) === 0) await writeBooks({ product, order, cart });
      if ((await step.orders(books)) === 0) out.write(`The ${options.profile.name} data set is there already.\n`);
      return;
    }
    if (targets.images) await step.pictures(targets.images);
    await step.catalogue();
    await step.reviews();
    await step.coPurchases();
    if (auth && !targets.production) await step.accounts(auth);
    if (order) await step.coupons(order);
    await step.orders(books);
    const priced = await writeBooks({ product, order, cart }, (count) => progress.advance('prices', count));
    progress.note('prices in the books of order and cart', priced);
    await product.collection<SeedRun>('seed_runs').updateOne({ _id: 'data-set' }, { $set: { state: 'complete' } }, { writeConcern: { w: 'majority', journal: true } });
    await forgetCached(targets.redisCache);
    const accounts = auth && !targets.production ? `, ${options.profile.users.toLocaleString('en')} accounts (password ${demoPassword})` : '';
    progress.end(`Loaded ${options.profile.products.toLocaleString('en')} products with ${variantCount(options.profile).toLocaleString('en')} variants${accounts}`);
  } finally {
    await Promise.all([...clients.map((client) => client.close()), cart?.close()]);
  }
}

async function prepare(product: Db, auth: Db | undefined, { profile, seed, targets, replace }: LoadOptions): Promise<'complete' | 'to do' | 'replace'> {
  const runs = product.collection<SeedRun>('seed_runs');
  const before = await runs.findOne({ _id: 'data-set' });
  if (before?.state === 'complete' && before.profile === profile.name && before.seed === seed && !replace) return 'complete';
  const filled = (await product.collection('products').findOne({}, { projection: { _id: 1 } })) !== null;
  const peopled = auth ? (await auth.collection('accounts').findOne({}, { projection: { _id: 1 } })) !== null : false;
  if (targets.production && (filled || peopled)) throw new SeedError('This is a production database with data in it. Nothing was written; the data set is for empty databases.');
  if (before?.state === 'complete' && !replace) {
    throw new SeedError(`The ${before.profile} data set (seed ${before.seed}) is loaded. To put ${profile.name} in its place: --profile ${profile.name} --replace (products and stock are emptied).`);
  }
  if (filled && !before && !replace) throw new SeedError('There are products in the database that this tool has not written. Add --replace to empty the catalogue first.');
  const goesOn = before?.state === 'loading' && before.profile === profile.name && before.seed === seed && !replace;
  if (filled && !goesOn) for (const name of catalogueCollections) await product.collection(name).deleteMany({});
  await runs.updateOne({ _id: 'data-set' }, { $set: { profile: profile.name, seed, state: 'loading', ...(!goesOn && { orders: 0 }) } }, { upsert: true });
  return filled && !goesOn ? 'replace' : 'to do';
}

class Steps {
  readonly #profile: Profile;
  readonly #seed: number;
  readonly #product: Db;
  readonly #progress: Progress;
  readonly #frame: CatalogueFrame;
  readonly #index: SearchIndex;
  readonly #productIds: string[] = [];
  #images: readonly SeedImage[] = [];
  readonly #orders: number;

  constructor({ profile, seed, orders }: LoadOptions, product: Db, progress: Progress) {
    this.#orders = orders ?? profile.ordersAtFirst;
    this.#profile = profile;
    this.#seed = seed;
    this.#product = product;
    this.#progress = progress;
    this.#frame = frameOf(profile, seed);
    this.#index = new SearchIndex(this.#frame.categories);
  }

  async pictures(store: NonNullable<Targets['images']>): Promise<void> {
    this.#images = await paintPictures(this.#product, store, this.#profile, this.#seed);
    this.#progress.note('pictures, whose renditions follow when the shop runs', this.#images.length);
  }

  async catalogue(): Promise<void> {
    const { products: count } = this.#profile;
    await this.#write('categories', this.#frame.categories);
    const rating = ratingsOf(this.#profile, this.#seed);
    for (let start = 0; start < count; start += BATCH) {
      const made = Array.from({ length: Math.min(BATCH, count - start) }, (_, offset) => {
        const { product, stock } = productOf(this.#frame, start + offset);
        const image = this.#images[(start + offset) % this.#images.length];
        return { product: { ...product, rating: rating(start + offset), ...(image && { images: [{ ...image, alt: product.name }] }) }, stock };
      });
      for (const { product } of made) this.#productIds.push(product._id);
      const stock = made.flatMap((item) => item.stock);
      await Promise.all([
        this.#write('products', made.map(({ product }) => this.#index.add(product)), false),
        this.#write('stock', stock.map((row) => ({ ...row, reserved: 0, lowAt: LOW_AT, version: 1 })), false),
        this.#write('stock_movements', stock.filter(({ onHand }) => onHand > 0).map((row) => this.#receipt(row)), false),
      ]);
    }
    await this.#write('search_words', this.#index.words(), false);
    this.#progress.note('products', count);
    this.#progress.note('variants with stock and ledger', variantCount(this.#profile));
    await this.#write('deals', dealsOf(this.#frame));
  }

  async reviews(): Promise<void> {
    let batch: SeedReview[] = [];
    for (const draw of reviewDraws(this.#profile, this.#seed)) {
      batch.push(reviewOf(this.#seed, draw, this.#productIds[draw.product] ?? ''));
      if (batch.length < BATCH) continue;
      await this.#write('reviews', batch, false);
      batch = [];
    }
    await this.#write('reviews', batch, false);
    this.#progress.note('reviews', this.#profile.reviews);
  }

  /** As if orders had been counted: what the product service's job makes of baskets. */
  async coPurchases(): Promise<void> {
    const pairs = pairsOf(this.#profile, this.#seed);
    for (let start = 0; start < pairs.length; start += BATCH) {
      const rows = pairs.slice(start, start + BATCH).map(({ a, b, count }) => {
        const [from, to] = [this.#productIds[a] ?? '', this.#productIds[b] ?? ''];
        return { _id: `${from}:${to}`, a: from, b: to, count };
      });
      await this.#write('pairs', rows, false);
    }
    this.#progress.note('pairs bought together', pairs.length);
  }

  /** One hash for all: two thousand of argon2id would take half a minute. */
  async accounts(auth: Db): Promise<void> {
    const passwordHash = await hash(demoPassword, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    for (let start = 0; start < this.#profile.users; start += BATCH) {
      const accounts = Array.from({ length: Math.min(BATCH, this.#profile.users - start) }, (_, offset) => ({ ...accountOf(this.#seed, start + offset), passwordHash }));
      await insertNew(auth.collection<{ _id: string }>('accounts'), accounts);
      this.#progress.advance('accounts', accounts.length);
    }
    this.#progress.note('accounts', this.#profile.users);
  }

  async coupons(order: Db): Promise<void> {
    const coupons = couponsOf(this.#profile, this.#seed);
    await insertNew(order.collection<{ _id: string }>('coupons'), coupons);
    this.#progress.advance('coupons', coupons.length);
    this.#progress.note('coupons', coupons.length);
  }

  /** As many as are wanted and not there yet; resolves with their number. */
  async orders(books: OrderBooks | undefined): Promise<number> {
    if (books === undefined) return 0;
    const runs = this.#product.collection<SeedRun>('seed_runs');
    const from = (await runs.findOne({ _id: 'data-set' }))?.orders ?? 0;
    const to = this.#orders;
    if (to <= from) return 0;
    await writeOrders(this.#frame, { from, to }, books, (count) => this.#progress.advance('orders', count));
    await runs.updateOne({ _id: 'data-set' }, { $set: { orders: to } }, { writeConcern: { w: 'majority', journal: true } });
    this.#progress.note('orders with payments, holds and ledger', to - from);
    return to - from;
  }

  async #write(collection: string, documents: readonly object[], note = true): Promise<void> {
    await insertNew(this.#product.collection<{ _id: string }>(collection), documents);
    this.#progress.advance(collection.replace('_', ' '), documents.length);
    if (note) this.#progress.note(collection, documents.length);
  }

  #receipt({ _id, onHand }: { _id: string; onHand: number }) {
    const at = new Date('2025-04-01T00:00:00.000Z');
    return { _id: seededId('mov', at, randomOf(this.#seed, `receipt/${_id}`)), sku: _id, kind: 'receipt', onHand, reserved: 0, reason: 'opening stock', at };
  }
}

// A shop that runs has cached that there is nothing yet.
async function forgetCached(redisCache: string | undefined): Promise<void> {
  if (redisCache === undefined) return;
  const redis = new RedisCacheClient(redisCache);
  try {
    await redis.set('cache:product:generation:*', `seed-${Date.now()}`);
    await redis.publish('cache:product:invalidated', JSON.stringify(['*']));
  } finally {
    await redis.onApplicationShutdown();
  }
}

function documentsIn({ profile, orders = profile.ordersAtFirst, targets }: LoadOptions): number {
  const [roots, aisles, leaves] = profile.categories;
  const accounts = targets.auth !== undefined && !targets.production ? profile.users : 0;
  return roots + aisles + leaves + profile.products + variantCount(profile) * 3 + profile.reviews + profile.deals + (targets.simulator === undefined ? 0 : orders) + (targets.order === undefined ? 0 : profile.coupons) + accounts;
}

function hostOf(uri: string): string {
  return uri.replace(/^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+).*$/u, '$1');
}
