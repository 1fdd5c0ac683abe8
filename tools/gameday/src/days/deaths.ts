import { booksOf, type ShopBooks } from '@shopfleet/invariants';
import { Guest } from '@shopfleet/shoppers';
import type { GameDay } from '../game-day.ts';
import { saidTwice } from '../mails.ts';
import { Provider } from '../provider.ts';
import { lives, type Stage } from '../stage.ts';

const slowOrders = 20;
// Some of them are paid before the provider answers: its webhook comes first.
const wanted = 50;
// The shop hangs up on its provider after three seconds.
const providerMs = 2600;
const endMs = 15_000;
const rounds = 4;
const goesOnMs = 5000;

export const stop: GameDay = {
  name: 'stop',
  what: `order-service is stopped and started anew with at least ${slowOrders} orders in flight that take three seconds: all are answered, the old workers end within ${endMs / 1000} s`,
  play: async (stage) => {
    const guests = await Promise.all(Array.from({ length: wanted }, (_, n) => new Guest(stage.shop).fill(stage.skus[n % stage.skus.length] ?? '')));
    const { inFlight, answers, ends, before } = await stopInTheMiddle(stage, guests).finally(() => new Provider(stage).takesAsUsual());
    const complete = answers.filter(({ status }) => status === 201 || status === 202).length;
    const slowest = Math.max(...answers.map(({ ms }) => ms));
    stage.judge(`all of ${slowOrders} or more that were in flight are answered`, `${inFlight} of ${wanted} in flight, ${complete} answered (${answers.filter(({ status }) => status === 201).length} paid), the last after ${slowest} ms`, inFlight >= slowOrders && complete === wanted);
    stage.judge(`the old workers end within ${endMs / 1000} s`, `${before.length} after ${ends ?? `> ${2 * endMs}`} ms`, (ends ?? Infinity) <= endMs);
    await stage.until(async () => (await stage.workers('order-service')).every(({ ok }) => ok), 30_000, 500);
  },
};

/** Stops the workers while the provider has the payments of all guests in hand. */
async function stopInTheMiddle(stage: Stage, guests: readonly Guest[]): Promise<{ before: readonly number[]; inFlight: number; answers: readonly { status: number; ms: number }[]; ends: number | undefined }> {
  const before = (await stage.workers('order-service')).map(({ pid }) => pid);
  await new Provider(stage).takes(providerMs);
  stage.tell(`the provider takes ${providerMs} ms; ${wanted} people order`);
  let answered = 0;
  // Once each: an answer on a retry would be no answer of the worker that stops.
  const begun = Date.now();
  const ordering = Promise.all(guests.map(async (guest) => {
    const status = await guest.order('tok_ok', { wait: 10 }).then((answer) => answer.status, () => 0);
    answered += 1;
    return { status, ms: Date.now() - begun };
  }));
  await stage.wait(700);
  const inFlight = wanted - answered;
  const told = Date.now();
  // By hand: PM2 itself takes a second before it sends it, and then some would have been answered.
  stage.tell(`SIGINT to the workers of order-service (pid ${before.join(', ')}), as pm2 restart sends it; ${inFlight} orders of theirs are under way`);
  for (const pid of before) process.kill(pid, 'SIGINT');
  const ended = await stage.until(() => !before.some(lives), 2 * endMs, 50);
  const ends = ended === undefined ? undefined : Date.now() - told;
  return { before, inFlight, answers: await ordering, ends };
}

export const crash: GameDay = {
  name: 'crash',
  what: 'kill -9 of the worker that publishes, between the commit of an order and its events, then between these and their mark: another goes on',
  play: async (stage) => {
    const books = await booksOf(stage.instance);
    // Somebody has to commit while the publisher stands still, whoever else is caught by it.
    const rush = stage.crowd.join({ buyers: 4 });
    let repeated = 0;
    try {
      for (let round = 1; round <= rounds; round += 1) repeated += await killPublisher(stage, books, round % 2 === 1 ? 'committed' : 'published');
    } finally {
      await rush.leave();
      await books.close();
    }
    stage.tell(`  ${repeated} events were published twice, as their mark had died with the worker`);
    await stage.wait(3000);
    const buyers = stage.crowd.wishes.filter(({ status }) => status === 201).map(({ email }) => email);
    const { mails, twice } = await saidTwice(stage, buyers);
    stage.judge('nobody is written to twice', `${twice} second ones among ${mails} mails to ${buyers.length} people`, twice === 0 && mails > 0);
    const captures = await capturesOf(stage);
    stage.judge('no order is captured twice', `${captures.filter((count) => count > 1).length} of ${captures.length}`, captures.length > 0 && captures.every((count) => count <= 1));
  },
};

/**
 * `committed`: the publisher stands still, an order is committed by another worker, the publisher dies: what was committed has
 * never been published. `published`: it dies at a random moment after it has seen events, of which some are out and not marked.
 * Resolves with how many had been handled by their consumer before.
 */
async function killPublisher(stage: Stage, books: ShopBooks, moment: 'committed' | 'published'): Promise<number> {
  await stage.until(async () => (await stage.workers('order-service')).every(({ ok }) => ok), 30_000, 500);
  await stage.wait(stage.random() * 1000);
  // A lease that has ended still names whoever had it, whose pid may be a stranger's by now.
  const leads = async (): Promise<boolean> => {
    const leader = await publisherOf(books);
    return (await stage.workers('order-service')).some(({ pid }) => pid === leader);
  };
  if ((await stage.until(leads, 30_000)) === undefined) throw new Error('no worker of order-service publishes: npm run ops -- outbox status');
  const publisher = await publisherOf(books);
  const outbox = books.order.collection<{ _id: string; status: string; createdAt: Date }>('outbox');
  const pending = async (since = 0): Promise<string[]> => (await outbox.find({ status: 'pending', createdAt: { $gte: new Date(since) } }).toArray()).map(({ _id }) => _id);
  const begun = Date.now();
  if (moment === 'committed') process.kill(publisher, 'SIGSTOP');
  const isCaught = await stage.until(async () => (await pending(begun)).length > 0, 2000, 2);
  if (moment === 'published') await stage.wait(stage.random() * 60);
  process.kill(publisher, 'SIGKILL');
  const died = Date.now();
  const left = await pending();
  const committed = await books.product.collection<{ _id: string }>('inbox').countDocuments({ _id: { $in: left.map((id) => `inventory.commit:${id}`) } });
  const handled = committed + (await books.product.collection('holds').countDocuments({ askedBy: { $in: left } }));
  stage.tell(`kill -9 of the publisher of order-service (pid ${publisher}); ${left.length} events wait, ${handled} of them were out`);
  const isOut = async (): Promise<boolean> => (await publisherOf(books)) !== publisher && (await outbox.countDocuments({ _id: { $in: left }, status: 'pending' })) === 0;
  const goesOn = (await stage.until(isOut, 6 * goesOnMs, 20)) === undefined ? undefined : Date.now() - died;
  const isMet = moment === 'published' || (isCaught !== undefined && left.length > 0);
  stage.judge(`${moment === 'committed' ? 'dead after a commit' : 'dead while publishing'}: another worker publishes within ${goesOnMs / 1000} s`, `${left.length} events after ${goesOn ?? `> ${6 * goesOnMs}`} ms, pid ${publisher} → ${await publisherOf(books)}`, isMet && (goesOn ?? Infinity) <= goesOnMs);
  return handled;
}

/** The process that has the lease to publish for order-service. */
async function publisherOf({ order }: ShopBooks): Promise<number> {
  const lease = await order.collection<{ _id: string; owner: string }>('leases').findOne({ _id: 'outbox:order' });
  const pid = Number(lease?.owner.split('-', 1)[0]);
  if (!(pid > 0)) throw new Error('nobody publishes for order-service: npm run ops -- outbox status');
  return pid;
}

async function capturesOf(stage: Stage): Promise<number[]> {
  const books = await booksOf(stage.instance);
  try {
    const ids = stage.crowd.wishes.flatMap(({ id }) => id ?? []);
    return await Promise.all(ids.map(async (id) => (await books.provider.payments(id)).filter(({ status }) => status === 'succeeded').length));
  } finally {
    await books.close();
  }
}
