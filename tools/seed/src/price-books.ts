import { RedisStateClient } from '@shopfleet/redis';
import type { Db } from 'mongodb';
import type { SeedProduct } from './catalogue.ts';
import { insertNew } from './insert.ts';

// As the cart service stores it, see apps/cart/src/carts/cart-keys.ts and apps/cart/lua/price-book-apply.lua.
const cartBook = '{cart}:price-book';
const cartProducts = '{cart}:price-book:products';

function entriesOf(product: SeedProduct) {
  return product.variants.map(({ sku, name, price, compareAt, weightGrams, active }) => ({
    sku, productId: product._id, partnerId: product.partnerId, name: product.name, variantName: name, price, ...(compareAt && { compareAt }),
    taxClass: product.taxClass, weightGrams, version: product.version, active: active && product.status === 'active',
  }));
}

/** Order's price book: the same rows that product's events would have brought. */
export async function writeOrderBook(order: Db, products: readonly SeedProduct[]): Promise<void> {
  const rows = products.flatMap(entriesOf).map(({ sku, ...entry }) => ({ _id: sku, ...entry, priceVersion: entry.version }));
  await insertNew(order.collection<{ _id: string }>('price_book'), rows);
}

/** Cart's price book in redis-state. */
export class CartBook {
  readonly #redis: RedisStateClient;

  constructor(url: string) {
    this.#redis = new RedisStateClient(url);
  }

  async size(): Promise<number> {
    return this.#redis.hlen(cartBook);
  }

  async write(products: readonly SeedProduct[]): Promise<void> {
    const entries = products.flatMap(entriesOf).flatMap((entry) => [entry.sku, JSON.stringify(entry)]);
    const known = products.flatMap(({ _id, version, variants }) => [_id, JSON.stringify({ version, skus: variants.map(({ sku }) => sku) })]);
    if (entries.length === 0) return;
    await Promise.all([this.#redis.hset(cartBook, ...entries), this.#redis.hset(cartProducts, ...known)]);
  }

  async clear(): Promise<void> {
    await this.#redis.del(cartBook, cartProducts);
  }

  async close(): Promise<void> {
    await this.#redis.onApplicationShutdown();
  }
}
