import { booksOf } from '@shopfleet/invariants';
import { Guest, shopAt, shuffled } from '@shopfleet/shoppers';
import type { GameDay } from '../game-day.ts';
import { Manager, type Exhibit } from '../manager.ts';
import type { Stage } from '../stage.ts';

const pieces = 10;
const wanting = 200;
const clicks = 50;
const decidedMs = 120_000;
const curious = 500;

export const scarce: GameDay = {
  name: 'scarce',
  what: `${pieces} pieces and ${wanting} people who order at once: ${pieces} are sold`,
  play: async (stage) => {
    const manager = await Manager.login(stage);
    const lamp = await manager.show(pieces, 4_990);
    stage.tell(`${pieces} pieces of ${lamp.sku} are on the shelf; ${wanting} people put one into their cart`);
    const guests: Guest[] = [];
    for (let made = 0; made < wanting; made += 20) guests.push(...(await Promise.all(Array.from({ length: 20 }, () => new Guest(stage.shop).fill(lamp.sku)))));
    stage.tell('all of them order');
    const answers = await Promise.all(shuffled(stage.random, guests).map((guest) => guest.orderUntilAnswered('tok_ok', 10)));
    const odd = answers.filter(({ status }) => ![201, 202, 409].includes(status));
    stage.judge('each is told: bought, under way or sold out', `${odd.length} of ${wanting} were told something else`, odd.length === 0);
    let statuses: Readonly<Record<string, number>> = {};
    const decided = await stage.until(async () => {
      statuses = await statusesOf(stage, lamp.sku);
      return (statuses['paid'] ?? 0) + (statuses['rejected'] ?? 0) === wanting;
    }, decidedMs, 500);
    const { onHand, reserved } = await manager.stockOf(lamp);
    stage.judge(`${pieces} are sold, ${wanting - pieces} refused`, `${JSON.stringify(statuses)} after ${decided ?? `> ${decidedMs}`} ms`, statuses['paid'] === pieces && statuses['rejected'] === wanting - pieces);
    stage.judge('the shelf is empty and nothing promised', `${onHand} on hand, ${reserved} promised`, onHand === 0 && reserved === 0);
    await manager.takeOut(lamp);
  },
};

export const oneKey: GameDay = {
  name: 'one-key',
  what: `one order button, clicked ${clicks} times at once: one order, one capture, one answer`,
  play: async (stage) => {
    const guest = await new Guest(stage.shop).fill(stage.skus[0] ?? '');
    const answers = await Promise.all(Array.from({ length: clicks }, () => guest.orderUntilAnswered('tok_ok', 8)));
    const texts = new Set(answers.map(({ text }) => text));
    stage.judge('every click has the same answer', `${texts.size} different ones; ${answers.filter(({ status }) => status === 201).length} of ${clicks} paid`, texts.size === 1 && answers[0]?.status === 201);
    const books = await booksOf(stage.instance);
    try {
      const captures = (await books.provider.payments(answers[0]?.body.id ?? '')).filter(({ status }) => status === 'succeeded').length;
      stage.judge('the provider has taken the money once', `${captures} captures`, captures === 1);
    } finally {
      await books.close();
    }
  },
};

export const coldKey: GameDay = {
  name: 'cold-key',
  what: `${curious} people at once look at a product that nobody has looked at: one read of the database, without redis-cache one for each worker`,
  play: async (stage) => {
    const manager = await Manager.login(stage);
    const [first, second] = [await manager.show(1, 4_990), await manager.show(1, 4_990)];
    // What is told of a new product makes caches forget it once more.
    await stage.wait(3000);
    const workers = (await stage.workers('product-service')).length;
    const reads = await rush(stage, first);
    stage.judge('one read of the database', `${reads.count} reads for ${reads.answered} of ${curious} answered, ${workers} workers`, reads.count === 1 && reads.answered === curious);
    await stage.kill('redis-cache');
    await stage.wait(2000);
    const without = await rush(stage, second);
    stage.judge('without redis-cache one for each worker at most', `${without.count} reads for ${without.answered} of ${curious} answered, ${workers} workers`, without.count >= 1 && without.count <= workers && without.answered === curious);
    await stage.repair();
    await manager.takeOut(first);
    await manager.takeOut(second);
  },
};

/** Asks the workers themselves, past the edge, which would ask but once. The database itself counts what it is asked for. */
async function rush(stage: Stage, { slug }: Exhibit): Promise<{ count: number; answered: number }> {
  const workers = (await stage.workers('product-service')).map(({ port }) => shopAt(`http://127.0.0.1:${port}`));
  const books = await booksOf(stage.instance);
  try {
    await books.product.command({ profile: 1, filter: { ns: `${books.product.databaseName}.products`, 'command.filter.slug': slug } });
    stage.tell(`${curious} people look at ${slug}`);
    const answers = await Promise.all(Array.from({ length: curious }, async (_, n) => workers[n % workers.length]?.ask(`/api/products/${slug}`)));
    return { count: await books.product.collection('system.profile').countDocuments(), answered: answers.filter((answer) => answer?.status === 200).length };
  } finally {
    await books.product.command({ profile: 0, filter: 'unset' });
    await books.product.collection('system.profile').drop().catch(() => undefined);
    await books.close();
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

async function statusesOf(stage: Stage, sku: string): Promise<Record<string, number>> {
  const books = await booksOf(stage.instance);
  try {
    const rows = await books.order.collection('orders').aggregate<{ _id: string; count: number }>([{ $match: { 'lines.sku': sku } }, { $group: { _id: '$status', count: { $sum: 1 } } }]).toArray();
    return Object.fromEntries(rows.map(({ _id, count }) => [_id, count]));
  } finally {
    await books.close();
  }
}
