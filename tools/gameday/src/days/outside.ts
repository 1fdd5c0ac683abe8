import { setTimeout as pause } from 'node:timers/promises';
import { booksOf } from '@shopfleet/invariants';
import { metricsTargets } from '@shopfleet/local';
import { Guest } from '@shopfleet/shoppers';
import { scrape } from '@shopfleet/vitals';
import type { GameDay } from '../game-day.ts';
import { mailsTo } from '../mails.ts';
import { Provider } from '../provider.ts';
import { words, type Stage } from '../stage.ts';

// Who comes while nobody is answered. Of the calls of the last ten seconds more than half have to be in vain: with three buyers those that
// were answered before weigh as much.
const comers = 30;
const breakerMs = 10_000;
const silentMs = 12_000;
const patienceMs = 5000;
const lost = 8;
const knownMs = 60_000;

export const provider: GameDay = {
  name: 'provider',
  what: 'the payment provider becomes slow, then is gone: orders are accepted and paid later, once',
  play: async (stage) => {
    const simulator = new Provider(stage);
    stage.tell('the provider takes six seconds for an answer');
    let begun = Date.now();
    await simulator.takes(6000);
    await stage.wait(12_000).finally(() => simulator.takesAsUsual());
    const slow = stage.crowd.figures('order', begun);
    stage.judge('while the provider is slow no order fails', words(slow), slow.failed === 0);
    const others = stage.crowd.figures('browse', begun);
    stage.judge('the catalogue does not notice', words(others), others.failed === 0);
    await stage.pm2('stop', 'payment-simulator');
    begun = Date.now();
    await stage.wait(10_000);
    const gone = stage.crowd.figures('order', begun);
    stage.judge('while the provider is gone no order fails', words(gone), gone.failed === 0);
    await stage.pm2('start', 'payment-simulator');
    await judgePaidAgain(stage);
    await pause(1000);
  },
};

export const silent: GameDay = {
  name: 'silent',
  what: `the payment provider is there and says nothing for ${silentMs / 1000} s, while people come: it is left alone within ${breakerMs / 1000} s`,
  play: async (stage) => {
    const [simulator] = await stage.workers('payment-simulator');
    if (simulator === undefined) throw new Error('the provider is not simulated here: this game day needs a shop in development');
    stage.tell(`SIGSTOP to payment-simulator (pid ${simulator.pid}); ${comers} people more come to buy`);
    process.kill(simulator.pid, 'SIGSTOP');
    const begun = Date.now();
    const rush = stage.crowd.join({ buyers: comers });
    try {
      const opened = await stage.until(() => isLeftAlone(stage), 2 * breakerMs, 100);
      stage.tell(`  the breaker is open after ${opened ?? `> ${2 * breakerMs}`} ms`);
      stage.judge(`the breaker opens within ${breakerMs / 1000} s`, `${opened ?? `> ${2 * breakerMs}`} ms`, (opened ?? Infinity) <= breakerMs);
      await stage.wait(Math.max(0, begun + silentMs - Date.now()));
    } finally {
      process.kill(simulator.pid, 'SIGCONT');
      await rush.leave();
    }
    // What an order asks for is five seconds.
    for (const [doing, mostMs] of [['browse', patienceMs], ['cart', patienceMs], ['order', 5000 + patienceMs]] as const) {
      const figures = stage.crowd.figures(doing, begun);
      stage.judge(`${doing}: none fails, nobody waits more than ${mostMs / 1000} s`, words(figures), figures.failed === 0 && figures.slowest <= mostMs);
    }
    await judgePaidAgain(stage);
  },
};

/** The breaker closes again by itself (30 s), and the sweeper asks for what was left. */
async function judgePaidAgain(stage: Stage): Promise<void> {
  const back = Date.now();
  const paid = await stage.until(() => stage.crowd.wishes.some(({ startedAt, status }) => startedAt > back && status === 201), 60_000, 250);
  stage.judge('orders are paid at once again within a minute', `${paid ?? '> 60000'} ms`, paid !== undefined);
}

/** Whether a worker keeps its calls away from the provider. */
async function isLeftAlone({ instance }: Stage): Promise<boolean> {
  const { workers } = await scrape(metricsTargets(instance).filter(({ service }) => service === 'order'));
  return workers.some(({ metrics }) => metrics.get('shop_breaker_open')?.some(({ labels, value }) => labels['dependency'] === 'payment' && value === 1));
}

export const lostAnswer: GameDay = {
  name: 'lost-answer',
  what: `${lost} payments succeed, their answers are lost and their webhooks come three times each: one capture each, known within a minute`,
  play: async (stage) => {
    const guests = await Promise.all(Array.from({ length: lost }, (_, n) => new Guest(stage.shop).fill(stage.skus[n % stage.skus.length] ?? '')));
    stage.tell(`${lost} people pay; the provider takes the money, and its answer comes after the shop has hung up (tok_timeout)`);
    const begun = Date.now();
    const answers = await Promise.all(guests.map((guest) => guest.orderUntilAnswered('tok_timeout', 10)));
    const ids = answers.map(({ body }) => body.id ?? '');
    const books = await booksOf(stage.instance);
    try {
      const orders = books.order.collection<{ _id: string; status: string }>('orders');
      const isKnown = async (): Promise<boolean> => (await orders.countDocuments({ _id: { $in: ids }, status: 'paid' })) === lost;
      const known = (await stage.until(isKnown, 2 * knownMs)) === undefined ? undefined : Date.now() - begun;
      stage.judge(`each is known to be paid within ${knownMs / 1000} s`, `${new Set(ids).size} orders, all paid after ${known ?? `> ${2 * knownMs}`} ms`, new Set(ids).size === lost && (known ?? Infinity) <= knownMs);
      // The last of three webhooks may come later than the first.
      await stage.wait(3000);
      const captures = await Promise.all(ids.map(async (id) => (await books.provider.payments(id)).filter(({ status }) => status === 'succeeded').length));
      stage.judge('the provider has taken the money of each once', `${captures.join(', ')} captures`, captures.every((count) => count === 1));
      const refunds = await books.order.collection('refunds').countDocuments({ orderId: { $in: ids } });
      stage.judge('none of it has to go back', `${refunds} refunds`, refunds === 0);
    } finally {
      await books.close();
    }
  },
};

export const mail: GameDay = {
  name: 'mail',
  what: 'the mail server is gone for 15 s: orders go on, mails come later',
  play: async (stage) => {
    await stage.pm2('stop', 'mailbox');
    const begun = Date.now();
    await stage.wait(15_000);
    const orders = stage.crowd.figures('order', begun);
    stage.judge('without a mail server no order fails', words(orders), orders.failed === 0 && (orders.statuses['201'] ?? 0) > 0);
    await stage.pm2('start', 'mailbox');
    const buyers = stage.crowd.wishes.filter(({ startedAt, status }) => startedAt > begun && status === 201).map(({ email }) => email);
    const hasMail = async (email: string): Promise<boolean> => (await mailsTo(stage, email)).length > 0;
    const arrived = await stage.until(async () => (await Promise.all(buyers.map(hasMail))).every(Boolean), 120_000, 1000);
    stage.judge('mails arrive when it is back', `${buyers.length} after ${arrived ?? '> 120000'} ms`, arrived !== undefined && buyers.length > 0);
  },
};
