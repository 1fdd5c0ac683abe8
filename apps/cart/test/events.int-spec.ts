import { createEvent, orderPaid, productCreated, productDeleted, productPriceChanged, productUpdated, userErased, type Envelope, type PriceBookEntry } from '@shopfleet/contracts';
import { newId, type Money } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNeighbour, type Neighbour } from './broker.ts';
import { openCartShop, priceBookEntry, type CartShop, type Shopper } from './cart-shop.ts';

let shop: CartShop;
let neighbour: Neighbour;

beforeAll(async () => {
  shop = await openCartShop();
  neighbour = await openNeighbour(shop.environment['RABBITMQ_URL'] ?? '');
  await eventually(async () => {
    const readiness: unknown = await (await fetch(`${shop.url}/ready`)).json();
    expect(readiness).toMatchObject({ ready: true, checks: [{ name: 'redis-state', ok: true }, { name: 'rabbitmq', ok: true }] });
  });
  await shop.stock({ sku: 'LAMP' }, { sku: 'CHAIR' }, { sku: 'VASE' });
});

afterAll(async () => {
  await neighbour.close();
  await shop.close();
});

const eur = (amount: number): Money => ({ amount, currency: 'EUR' });
const add = (shopper: Shopper, sku: string, quantity = 1) => shop.call('POST', '/api/cart/items', shopper, { sku, quantity });

async function linesOf(shopper: Shopper): Promise<[string, number][]> {
  return (await shop.call('GET', '/api/cart', shopper)).body.lines.map(({ sku, quantity }) => [sku, quantity]);
}

/** Resolves when the service has handled everything that was published before. */
async function settled(): Promise<void> {
  // Twice: the service handles several events at a time, so the first marker may overtake one.
  for (const _ of [1, 2]) {
    const [sku, productId] = [newId('sku'), newId('prd')];
    await neighbour.publish(created(productId, 1, priceBookEntry({ sku, productId })));
    await eventually(async () => expect(await shop.redis.hexists('{cart}:price-book', sku)).toBe(1), { intervalMs: 10 });
  }
}

function paid(cartId: string, lines: [sku: string, quantity: number][]): Envelope {
  const bought = lines.map(([sku, quantity]) => ({ ...(orderPaid.example.lines[0] as (typeof orderPaid.example.lines)[number]), sku, quantity }));
  return createEvent(orderPaid, { source: 'order', subject: newId('ord'), data: { ...orderPaid.example, cartId, lines: bought } });
}

function created(productId: string, version: number, ...variants: PriceBookEntry[]): Envelope {
  return createEvent(productCreated, { source: 'product', subject: productId, data: { ...productCreated.example, productId, version, variants } });
}

function updated(productId: string, version: number, ...variants: PriceBookEntry[]): Envelope {
  return createEvent(productUpdated, { source: 'product', subject: productId, data: { ...productUpdated.example, productId, version, variants } });
}

describe('order.paid.v1', () => {
  it('delivered three times removes what was bought once, and leaves what was added meanwhile', async () => {
    const guest = await shop.guest();
    await add(guest, 'LAMP', 5);
    await add(guest, 'CHAIR', 1);
    const { id } = (await add(guest, 'VASE', 2)).body;
    const event = paid(id, [['LAMP', 2], ['CHAIR', 1]]);
    await neighbour.publish(event, event, event);
    await settled();
    expect(await linesOf(guest)).toEqual([['LAMP', 3], ['VASE', 2]]);
  });

  it('of two orders removes both', async () => {
    const customer = await shop.customer('usr_twice');
    const { id } = (await add(customer, 'LAMP', 5)).body;
    await neighbour.publish(paid(id, [['LAMP', 2]]), paid(id, [['LAMP', 2]]));
    await settled();
    expect(await linesOf(customer)).toEqual([['LAMP', 1]]);
  });

  it('of a cart that is gone does no harm', async () => {
    await neighbour.publish(paid('crt_gone', [['LAMP', 2]]));
    await settled();
    expect(await shop.redis.exists('{cart}:c:crt_gone')).toBe(0);
  });
});

describe('the price book', () => {
  async function priceOf(sku: string): Promise<{ amount: number; active: boolean; name: string } | undefined> {
    const json = await shop.redis.hget('{cart}:price-book', sku);
    if (json === null) return undefined;
    const { price, active, name } = JSON.parse(json) as PriceBookEntry;
    return { amount: price.amount, active, name };
  }

  const changed = (productId: string, sku: string, version: number, amount: number): Envelope =>
    createEvent(productPriceChanged, { source: 'product', subject: productId, data: { productId, sku, version, old: eur(1), new: eur(amount) } });

  it.each([
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [1, 3, 0, 2],
    [2, 0, 3, 1],
  ])('ends with the newest version when the events come in the order %i %i %i %i, twice', async (...order) => {
    const [productId, sku] = [newId('prd'), newId('sku')];
    const entry = (version: number, name: string, amount: number): PriceBookEntry => priceBookEntry({ productId, sku, version, name, price: eur(amount) });
    const events = [
      created(productId, 1, entry(1, 'one', 100)),
      updated(productId, 2, entry(2, 'two', 200)),
      changed(productId, sku, 3, 300),
      updated(productId, 3, entry(3, 'three', 300)),
    ];
    for (const i of [...order, ...order]) await neighbour.publish(events[i] as Envelope);
    await settled();
    expect(await priceOf(sku)).toEqual({ amount: 300, active: true, name: 'three' });
  });

  it('keeps a price that came before its product’s older update', async () => {
    const [productId, sku] = [newId('prd'), newId('sku')];
    await shop.priceBook.apply({ productId, version: 1, variants: [priceBookEntry({ productId, sku })] });
    await shop.priceBook.changePrice(sku, 5, eur(500));
    await shop.priceBook.apply({ productId, version: 4, variants: [priceBookEntry({ productId, sku, version: 4, name: 'four', price: eur(400) })] });
    expect(await priceOf(sku)).toEqual({ amount: 500, active: true, name: 'four' });
  });

  it('withdraws variants that are gone, and does not bring back a deleted product', async () => {
    const [productId, small, large] = [newId('prd'), newId('sku'), newId('sku')];
    const variant = (sku: string, version: number): PriceBookEntry => priceBookEntry({ productId, sku, version });
    await neighbour.publish(created(productId, 1, variant(small, 1), variant(large, 1)), updated(productId, 2, variant(small, 2)));
    await settled();
    expect([(await priceOf(small))?.active, (await priceOf(large))?.active]).toEqual([true, false]);
    await neighbour.publish(createEvent(productDeleted, { source: 'product', subject: productId, data: { productId, version: 4, slug: 'gone', skus: [small] } }));
    await neighbour.publish(updated(productId, 3, variant(small, 3), variant(large, 3)));
    await settled();
    expect([(await priceOf(small))?.active, (await priceOf(large))?.active]).toEqual([false, false]);
  });

  it('sells nothing of a product that is not active', async () => {
    const [productId, sku] = [newId('prd'), newId('sku')];
    await neighbour.publish(
      createEvent(productUpdated, { source: 'product', subject: productId, data: { ...productUpdated.example, productId, version: 2, status: 'archived', variants: [priceBookEntry({ productId, sku })] } }),
    );
    await settled();
    expect((await priceOf(sku))?.active).toBe(false);
    expect((await add(await shop.guest(), sku)).status).toBe(400);
  });
});

describe('user.erased.v1', () => {
  it('forgets the cart', async () => {
    const customer = await shop.customer('usr_erased');
    await add(customer, 'LAMP');
    await neighbour.publish(createEvent(userErased, { source: 'auth', subject: 'usr_erased', data: { userId: 'usr_erased' } }));
    await settled();
    expect(await linesOf(customer)).toEqual([]);
  });
});

describe('a merge', () => {
  it('is announced once, in the same step as the change, however often it is repeated', async () => {
    const [guest, customer] = await Promise.all([shop.guest(), shop.customer('usr_merged')]);
    const { id } = (await add(guest, 'LAMP', 2)).body;
    await Promise.all(Array.from({ length: 5 }, () => shop.call('POST', '/api/cart/merge', { ...guest, ...customer })));
    await eventually(() => expect(neighbour.heard).toHaveLength(1));
    expect(neighbour.heard[0]).toMatchObject({
      type: 'cart.merged.v1',
      source: 'cart',
      subject: 'crt_merged',
      data: { cartId: 'crt_merged', userId: 'usr_merged', fromCartId: id, version: 1 },
    });
    await eventually(async () => expect(await shop.redis.xlen('{cart}:outbox')).toBe(0));
    expect(neighbour.heard).toHaveLength(1);
  });
});
