import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { couponChanged, priceBookEntry } from '@shopfleet/contracts';
import { check, openBooks, type ShopBooks } from '@shopfleet/invariants';
import { RedisStateClient } from '@shopfleet/redis';
import { freshDatabase, freshRedis, startWorker, type Worker } from '@shopfleet/testing';
import { MongoClient, type Db } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load, type LoadOptions } from '../src/load.ts';
import { profiles } from '../src/profiles.ts';
import { rebuildBooks } from '../src/rebuild-books.ts';

const clients: MongoClient[] = [];
const open = (uri: string): Db => {
  const client = new MongoClient(uri);
  clients.push(client);
  return client.db();
};
const quiet = (): WriteStream => new PassThrough().resume() as unknown as WriteStream;

let options: LoadOptions;
let product: Db;
let order: Db;
let auth: Db;
let redis: RedisStateClient;
let folder: string;
let simulator: Worker;
let books: ShopBooks;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopfleet-seed-'));
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  await promisify(execFile)('npx', ['tsc', '-b', 'apps/payment-simulator'], { cwd: root });
  simulator = await startWorker(join(root, 'apps/payment-simulator/dist/main.js'), { DATA_DIR: folder, LOG_LEVEL: 'error' });
  const targets = { product: freshDatabase(), order: freshDatabase(), auth: freshDatabase(), redisState: await freshRedis('state'), redisCache: await freshRedis('cache'), images: { folder }, simulator: simulator.url, production: false };
  options = { profile: profiles.tiny, seed: 42, targets, replace: false, out: quiet() };
  [product, order, auth] = [open(targets.product), open(targets.order), open(targets.auth)];
  redis = new RedisStateClient(targets.redisState);
  books = await openBooks({ orderUri: targets.order, productUri: targets.product, otherUris: [], paymentUrl: simulator.url });
  await load(options);
}, 120_000);
afterAll(async () => {
  await books.close();
  await simulator.kill();
  await Promise.all(clients.map((client) => client.close()));
  await redis.onApplicationShutdown();
  await rm(folder, { recursive: true, force: true });
});

const counts = async () => {
  const names = ['products', 'categories', 'stock', 'stock_movements', 'reviews', 'deals'];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await product.collection(name).countDocuments()] as const)));
};

it('writes what the profile promises', async () => {
  expect(await counts()).toMatchObject({ products: 60, categories: 12, stock: 150, reviews: 80, deals: 6 });
  expect(await auth.collection('accounts').countDocuments()).toBe(20);
});

it('gives each product a picture, and leaves the renditions to the shop', async () => {
  const jobs = await product.collection('image_jobs').find().toArray();
  expect(jobs.map(({ state }) => String(state))).toEqual(Array.from({ length: 6 }, () => 'queued'));
  for (const { original } of jobs) expect((await stat(join(folder, 'originals', String(original)))).size).toBeGreaterThan(5_000);
  const known = new Set(jobs.map(({ imageId }) => String(imageId)));
  const products = await product.collection<{ images: { id: string; renditions: { url: string }[] }[] }>('products').find().toArray();
  expect(products.flatMap(({ images }) => images).every(({ id, renditions }) => known.has(id) && renditions.length === 6)).toBe(true);
  expect(products.every(({ images }) => images.length === 1)).toBe(true);
});

it('opens each stock with a ledger that adds up to it', async () => {
  const wrong = await product.collection('stock').aggregate([
    { $lookup: { from: 'stock_movements', localField: '_id', foreignField: 'sku', as: 'ledger' } },
    { $match: { $expr: { $ne: ['$onHand', { $sum: '$ledger.onHand' }] } } },
  ]).toArray();
  expect(wrong).toEqual([]);
});

it('gives each product the rating of its reviews', async () => {
  const reviewed = await product.collection('reviews').aggregate<{ _id: string; count: number }>([{ $group: { _id: '$productId', count: { $sum: 1 } } }]).toArray();
  for (const { _id, count } of reviewed) {
    expect((await product.collection<{ _id: string; rating: { count: number } }>('products').findOne({ _id }))?.rating.count).toBe(count);
  }
});

it('fills the price books of order and cart with the same entries', async () => {
  const rows = await order.collection<{ _id: string; price: unknown }>('price_book').find().toArray();
  expect(rows).toHaveLength(150);
  const book = await redis.hgetall('{cart}:price-book');
  for (const { _id, price } of rows) {
    const entry = priceBookEntry.parse(JSON.parse(book[_id] ?? 'null'));
    expect(entry.price).toEqual(price);
  }
  expect(await redis.hlen('{cart}:price-book:products')).toBe(60);
});

it('makes coupons, some of them at their last use, and tells the carts of them and of what is sold out', async () => {
  const coupons = await order.collection<{ _id: string; used: number; usesInAll?: number }>('coupons').find().toArray();
  expect(coupons).toHaveLength(6);
  expect(coupons.filter(({ used, usesInAll }) => used + 1 === usesInAll).map(({ _id }) => _id)).toEqual(['LAST-CALL']);
  const news = Object.values(await redis.hgetall('{cart}:coupons')).map((json) => couponChanged.schema.parse(JSON.parse(json)));
  expect(news.filter(({ exhausted }) => exhausted).map(({ code }) => code)).toEqual(['ALL-GONE']);
  expect(await redis.hlen('{cart}:availability')).toBe(await product.collection('stock').countDocuments({ onHand: 0 }));
});

it('rebuilds the books from a snapshot, and leaves what is newer', async () => {
  const [stale = '', newer = ''] = (await order.collection<{ _id: string }>('price_book').find().limit(2).toArray()).map(({ _id }) => _id);
  const wrong = { amount: 1, currency: 'EUR' };
  await order.collection<{ _id: string }>('price_book').updateOne({ _id: stale }, { $set: { price: wrong } });
  await order.collection<{ _id: string }>('price_book').updateOne({ _id: newer }, { $set: { price: wrong, priceVersion: 99 } });
  const entry = JSON.parse((await redis.hget('{cart}:price-book', stale)) ?? '{}') as object;
  await redis.hset('{cart}:price-book', stale, JSON.stringify({ ...entry, price: wrong }));
  expect(await rebuildBooks(options.targets)).toBe(150);
  const priceOf = async (sku: string): Promise<unknown> => (await order.collection<{ _id: string; price: unknown }>('price_book').findOne({ _id: sku }))?.price;
  expect(await priceOf(stale)).not.toEqual(wrong);
  expect(await priceOf(newer)).toEqual(wrong);
  expect((JSON.parse((await redis.hget('{cart}:price-book', stale)) ?? '{}') as { price: unknown }).price).toEqual(await priceOf(stale));
  expect(await redis.hlen('{cart}:coupons')).toBe(6);
});

const differences = async (): Promise<string[]> => (await check(books)).filter(({ difference }) => difference > 0).map(({ rule, figures }) => `${rule}: ${figures}`);

it('has a past of orders, which every book knows alike', async () => {
  const orders = order.collection<{ status: string; uncounted?: boolean; number: string; lines: object[] }>('orders');
  expect(await orders.countDocuments()).toBe(40);
  expect(new Set(await orders.distinct('number')).size).toBe(40);
  expect(await order.collection('payments').countDocuments({ status: 'captured' })).toBe(await orders.countDocuments({ uncounted: true }));
  expect(await orders.countDocuments({ 'lines.1': { $exists: true } })).toBeGreaterThan(10);
  expect(await product.collection('purchases').countDocuments()).toBeGreaterThan(20);
  expect(await differences()).toEqual([]);
});

it('adds orders to those that are there, and none twice', async () => {
  await product.collection<{ _id: string }>('seed_runs').updateOne({ _id: 'data-set' }, { $set: { orders: 30 } });
  await load(options);
  expect(await order.collection('orders').countDocuments()).toBe(40);
  await load({ ...options, orders: 55 });
  expect(await order.collection('orders').countDocuments()).toBe(55);
});

it('has an account for each role that one password opens', async () => {
  const { verify } = await import('@node-rs/argon2');
  const manager = await auth.collection<{ passwordHash: string; roles: string[]; emailVerified: boolean }>('accounts').findOne({ email: 'manager@example.com' });
  expect(manager).toMatchObject({ roles: ['manager'], emailVerified: true });
  expect(await verify(manager?.passwordHash ?? '', 'shopfleet-demo')).toBe(true);
});

it('changes nothing the second time, but brings back a price book that was lost', async () => {
  const before = await counts();
  await product.collection<{ _id: string }>('products').updateOne({ slug: (await product.collection('products').findOne())?.['slug'] as string }, { $set: { name: 'Renamed' } });
  await redis.flushdb();
  await load(options);
  expect(await counts()).toEqual(before);
  expect(await product.collection('products').countDocuments({ name: 'Renamed' })).toBe(1);
  expect(await redis.hlen('{cart}:price-book')).toBe(150);
});

it('goes on after it was broken off, and leaves alone what is there', async () => {
  await product.collection<{ _id: string }>('seed_runs').updateOne({ _id: 'data-set' }, { $set: { state: 'loading' } });
  await product.collection('stock').deleteMany({});
  await load(options);
  expect(await counts()).toMatchObject({ products: 60, stock: 150, reviews: 80 });
  expect(await product.collection('products').countDocuments({ name: 'Renamed' })).toBe(1);
});

describe('refuses', () => {
  it('to mix two data sets, and says how to replace one', async () => {
    await expect(load({ ...options, seed: 43 })).rejects.toThrow('--replace');
    await load({ ...options, seed: 43, replace: true });
    expect(await counts()).toMatchObject({ products: 60, stock: 150 });
    expect(await order.collection('price_book').countDocuments()).toBe(150);
    expect(await order.collection('orders').countDocuments()).toBe(40);
    expect(await differences()).toEqual([]);
  });

  it('a catalogue that it has not written', async () => {
    const uri = freshDatabase();
    await open(uri).collection<{ _id: string }>('products').insertOne({ _id: 'prd_mine' });
    await expect(load({ ...options, targets: { ...options.targets, product: uri } })).rejects.toThrow('not written');
  });

  it('a production database with data in it, even to replace', async () => {
    const targets = { ...options.targets, production: true };
    await expect(load({ ...options, targets, replace: true })).rejects.toThrow('production');
    expect(await counts()).toMatchObject({ products: 60 });
  });

  it('to write known passwords into an empty production database', async () => {
    const [target, people] = [freshDatabase(), freshDatabase()];
    await load({ ...options, targets: { ...options.targets, product: target, auth: people, redisState: undefined, production: true } });
    expect(await open(target).collection('products').countDocuments()).toBe(60);
    expect(await open(people).collection('accounts').countDocuments()).toBe(0);
  });
});
