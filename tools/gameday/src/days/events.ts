import { randomUUID } from 'node:crypto';
import { exampleOf, orderPaid, subscriptions, type Envelope } from '@shopfleet/contracts';
import { booksOf } from '@shopfleet/invariants';
import { metricsTargets } from '@shopfleet/local';
import { eventExchange, serviceQueue } from '@shopfleet/messaging';
import { shuffled } from '@shopfleet/shoppers';
import { scrape } from '@shopfleet/vitals';
import { Broker, type Message } from '../broker.ts';
import type { GameDay } from '../game-day.ts';
import { saidTwice } from '../mails.ts';
import { words, type Stage } from '../stage.ts';

const { type } = orderPaid;
/** Who gets what is published under this key. */
const hearers = Object.entries(subscriptions).filter(([, heard]) => heard.includes(type)).map(([service]) => service);
const mostTries = 5;
// The fourth try comes 71 s after the first (libs/messaging/src/topology.ts).
const aside = { atOnceMs: 15_000, triedMs: 120_000 };
const times = 3;
const orders = 12;

interface Letter {
  readonly service: string;
  readonly id: string;
  readonly reason: string;
  readonly attempts: number;
}

export const poison: GameDay = {
  name: 'poison',
  what: 'bad JSON, an unknown type, a wrong content and an event whose handler throws come to the queues: set aside, neighbours unharmed',
  play: async (stage) => {
    const broker = new Broker(stage);
    const ours = `evt_${randomUUID().replaceAll('-', '')}`.slice(0, -1);
    const event = (n: number, change: Partial<Envelope> = {}): string => JSON.stringify({ ...exampleOf(orderPaid, { id: `${ours}${n}`, time: new Date().toISOString() }), ...change });
    const heard = (n: number, body: string): Message => ({ exchange: eventExchange, key: type, type, id: `${ours}${n}`, body });
    const unknownOrder = `ord_${randomUUID().replaceAll('-', '')}`;
    const messages: readonly (Message & { readonly what: string; readonly by: readonly string[] })[] = [
      { what: 'bad JSON', by: hearers, ...heard(1, '{"id": "evt_') },
      { what: 'an unknown type', by: hearers, ...heard(2, event(2, { type: 'order.eaten.v1' })) },
      { what: 'a wrong content', by: hearers, ...heard(3, event(3, { data: { orderId: 7 } })) },
      // To one queue alone: others would take it for true and write to a customer.
      { what: 'paid, by an order that nobody knows: its handler throws', by: ['product'], ...heard(4, event(4, { subject: unknownOrder, data: { ...orderPaid.example, orderId: unknownOrder } })), exchange: '', key: serviceQueue('product') },
    ];
    const begun = Date.now();
    for (const { what, by, ...message } of shuffled(stage.random, messages)) {
      stage.tell(`${what}, for ${by.join(', ')}`);
      await broker.publish(message);
    }
    try {
      for (const { what, by, id } of messages) {
        const isTried = id === `${ours}4`;
        const boundMs = isTried ? aside.triedMs : aside.atOnceMs;
        let letters: Letter[] = [];
        const found = await stage.until(async () => {
          letters = (await lettersOf(stage, by)).filter((letter) => letter.id === id);
          return letters.length === by.length;
        }, boundMs, isTried ? 5000 : 500);
        const tries = letters.map(({ service, attempts, reason }) => `${service} after ${attempts} (${reason})`);
        stage.judge(`${what}: set aside after ${mostTries} tries at most`, found === undefined ? `${letters.length} of ${by.length} after ${boundMs} ms` : tries.join(', '), found !== undefined && letters.every(({ attempts }) => attempts <= mostTries));
      }
      for (const doing of ['browse', 'cart', 'order'] as const) {
        const figures = stage.crowd.figures(doing, begun);
        stage.judge(`${doing}: no neighbour is harmed`, words(figures), figures.failed === 0 && figures.asked > 0);
      }
      // While orders come some event of theirs is always in hand.
      await stage.crowd.goHome();
      let stuck = Number.NaN;
      const free = await stage.until(async () => (stuck = await sumOf(hearers, (service) => broker.unacked(serviceQueue(service)))) === 0, 30_000, 250);
      stage.judge('nothing stays unacknowledged', `${stuck} in the queues of ${hearers.join(', ')}${free === undefined ? ' half a minute after the last order' : ''}`, free !== undefined);
    } finally {
      for (const { by, id } of messages) for (const service of by) await stage.operate('tools/ops/main.ts', 'dlq', 'discard', service, '--id', id, '--yes');
      stage.tell('npm run ops -- dlq discard: they are gone');
    }
    const left = (await lettersOf(stage, hearers)).filter(({ id }) => id.startsWith(ours)).length;
    stage.judge('they can be discarded one by one', `${left} left`, left === 0);
  },
};

async function lettersOf(stage: Stage, services: readonly string[]): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (const service of services) {
    const printed = await stage.operate('tools/ops/main.ts', 'dlq', 'list', service, '--json');
    // Node may have something to say as well.
    letters.push(...(JSON.parse(/^\[(?:\]|[^]*^\])$/mu.exec(printed)?.[0] ?? '[]') as Letter[]));
  }
  return letters;
}

export const doubled: GameDay = {
  name: 'doubled',
  what: `every event of ${orders} orders comes ${times} times, shuffled: each effect is had once`,
  play: async (stage) => {
    const bought = (): string[] => stage.crowd.wishes.flatMap(({ id, status }) => (status === 201 ? (id ?? []) : []));
    await stage.until(() => bought().length >= orders, 60_000);
    const ids = bought().slice(0, orders);
    const broker = new Broker(stage);
    const books = await booksOf(stage.instance);
    try {
      // Their last events are told first.
      await stage.until(async () => (await stage.backlog(Date.now() - 3000)) === 0, 30_000, 500);
      const told: Envelope[] = [];
      for (const database of [books.order, books.product]) {
        const rows = await database.collection<{ _id: string; event: Envelope }>('outbox').find({ 'event.subject': { $in: ids }, status: 'sent' }).toArray();
        told.push(...rows.map(({ event }) => event));
      }
      const statuses = (): Promise<string[]> => books.order.collection<{ _id: string; status: string }>('orders').find({ _id: { $in: ids } }).sort({ _id: 1 }).map(({ status }) => status).toArray();
      const before = await statuses();
      const known = await knownOf(stage);
      const heard = told.filter((event) => Object.values(subscriptions).some((types) => (types as readonly string[]).includes(event.type)));
      const again = shuffled(stage.random, Array.from({ length: times - 1 }, () => heard).flat());
      stage.tell(`${heard.length} events of ${ids.length} orders come ${times - 1} times more, in another order`);
      for (const event of again) await broker.publish({ exchange: eventExchange, key: event.type, type: event.type, id: event.id, body: JSON.stringify(event) });
      // Of each order that is paid its stock has left the shelf once, and whoever hears of it again says that it is known.
      const least = (times - 1) * ids.length;
      const cameAgain = await stage.until(async () => (await knownOf(stage)) - known >= least, 60_000, 500);
      stage.judge('they came again, and are known', `${(await knownOf(stage)) - known} known from before${cameAgain === undefined ? ' after a minute' : ''}, ${heard.length} events of ${ids.length} orders`, cameAgain !== undefined && ids.length === orders);
      await stage.wait(3000);
      const after = await statuses();
      stage.judge('no order has changed', `${after.filter((status, n) => status !== before[n]).length} of ${after.length}`, after.length === orders && after.join() === before.join());
      const captures = await Promise.all(ids.map(async (id) => (await books.provider.payments(id)).filter(({ status }) => status === 'succeeded').length));
      stage.judge('each is captured once', captures.join(', '), captures.every((count) => count === 1));
      const [holds, sales] = await Promise.all(['hold', 'commit'].map((kind) => books.product.collection('stock_movements').countDocuments({ kind, orderId: { $in: ids } })));
      stage.judge('what was sold was held once and left the shelf once', `${holds} and ${sales} movements of ${ids.length} orders of one line`, holds === ids.length && sales === ids.length);
    } finally {
      await books.close();
    }
    const emails = stage.crowd.wishes.flatMap(({ id, email }) => (id !== undefined && ids.includes(id) ? [email] : []));
    const { mails, twice } = await saidTwice(stage, emails);
    stage.judge('nobody is written to twice', `${twice} second ones among ${mails} mails to ${emails.length} people`, twice === 0 && mails >= emails.length);
  },
};

/** Events that consumers of all workers knew from before. */
async function knownOf({ instance }: Stage): Promise<number> {
  const { workers } = await scrape(metricsTargets(instance));
  return workers.flatMap(({ metrics }) => metrics.get('shop_inbox_events_total') ?? []).reduce((sum, { labels, value }) => sum + (labels['outcome'] === 'known' ? value : 0), 0);
}

async function sumOf<T>(list: readonly T[], figure: (of: T) => Promise<number>): Promise<number> {
  let sum = 0;
  for (const each of list) sum += await figure(each);
  return sum;
}
