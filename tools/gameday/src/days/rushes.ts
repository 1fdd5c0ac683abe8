import { booksOf } from '@shopfleet/invariants';
import { Guest, shuffled } from '@shopfleet/shoppers';
import type { GameDay } from '../game-day.ts';
import { Manager } from '../manager.ts';
import type { Stage } from '../stage.ts';

const pieces = 10;
const wanting = 200;
const clicks = 50;
const decidedMs = 120_000;

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

async function statusesOf(stage: Stage, sku: string): Promise<Record<string, number>> {
  const books = await booksOf(stage.instance);
  try {
    const rows = await books.order.collection('orders').aggregate<{ _id: string; count: number }>([{ $match: { 'lines.sku': sku } }, { $group: { _id: '$status', count: { $sum: 1 } } }]).toArray();
    return Object.fromEntries(rows.map(({ _id, count }) => [_id, count]));
  } finally {
    await books.close();
  }
}
