import { fillCarts, lostPieces } from '@shopfleet/shoppers';
import { Broker } from '../broker.ts';
import type { GameDay } from '../game-day.ts';
import { words } from '../stage.ts';

const unanswered = (status: number): boolean => status === 0;

export const redis: GameDay = {
  name: 'redis',
  what: 'kill -9 redis-cache, then redis-state: slower, then without carts; nothing acknowledged is lost',
  play: async (stage) => {
    const usual = stage.crowd.figures('browse', 0);
    await stage.kill('redis-cache');
    let begun = Date.now();
    await stage.wait(6000);
    const withoutCache = stage.crowd.figures('browse', begun);
    stage.judge('without redis-cache no look at the catalogue fails', words(withoutCache), withoutCache.failed === 0);
    stage.judge('without redis-cache the p99 of the catalogue stays below 3 ×, or 50 ms', `${usual.p99} → ${withoutCache.p99} ms`, withoutCache.p99 <= Math.max(3 * usual.p99, 50));
    begun = Date.now();
    await stage.repair();
    await stage.wait(2000);
    const mended = stage.crowd.figures('browse', begun);
    stage.judge('mending it fails no look at the catalogue', words(mended), mended.failed === 0);

    let isOver = false;
    const filling = fillCarts(stage.shop, stage.skus[0] ?? '', () => !isOver);
    await stage.wait(1000);
    await stage.kill('redis-state');
    begun = Date.now();
    await stage.wait(6000);
    isOver = true;
    const carts = await filling;
    const [browse, cart] = [stage.crowd.figures('browse', begun), stage.crowd.figures('cart', begun)];
    stage.judge('without redis-state no look at the catalogue fails', words(browse), browse.failed === 0);
    stage.judge('without redis-state carts answer 503 with Retry-After, within three seconds', words(cart), cart.slowest <= 3000 && (cart.statuses['none'] ?? 0) === 0 && (cart.statuses['503'] ?? 0) > 0);
    const repaired = stage.repair();
    await stage.until(() => stage.answers('redis-state'), 60_000);
    const back = await stage.until(async () => (await stage.shop.ask('/api/cart')).status < 500, 30_000);
    stage.judge('carts are back within 15 s after redis-state', `${back ?? '> 30000'} ms`, back !== undefined && back <= 15_000);
    await repaired;
    const lost = await lostPieces(stage.shop, carts);
    stage.judge('no acknowledged piece in a cart is lost', `${lost} in ${carts.size} carts that were being filled`, lost === 0 && carts.size > 0);
  },
};

export const broker: GameDay = {
  name: 'broker',
  what: 'kill -9 RabbitMQ for 30 s: orders are taken all the same, and ended when it is back',
  play: async (stage) => {
    await stage.kill('rabbitmq');
    const begun = Date.now();
    await stage.wait(30_000);
    const orders = stage.crowd.figures('order', begun);
    stage.judge('orders are taken without the broker', words(orders), orders.failed === 0 && (orders.statuses['202'] ?? 0) > 0);
    const browse = stage.crowd.figures('browse', begun);
    stage.judge('no look at the catalogue fails', words(browse), browse.failed === 0);
    const repaired = stage.repair();
    await stage.until(() => stage.answers('rabbitmq'), 120_000);
    const back = Date.now();
    stage.tell(`  the broker answers; ${await stage.backlog(back)} orders and events wait`);
    const drained = await stage.until(async () => (await stage.backlog(back)) === 0, 60_000, 250);
    stage.tell(`  worked off after ${drained ?? '> 60,000'} ms`);
    stage.judge('the backlog is worked off within 30 s', `${drained ?? '> 60000'} ms`, drained !== undefined && drained <= 30_000);
    await repaired;
  },
};

// More than any disk has free: the broker sees a full one.
const moreThanThereIs = '1000000GB';
const healMs = 30_000;

export const alarm: GameDay = {
  name: 'alarm',
  what: 'the disk of RabbitMQ is full for 20 s, as it is told: orders are taken all the same, and ended when there is room',
  play: async (stage) => {
    const rabbitmq = new Broker(stage);
    const { limit } = await rabbitmq.disk();
    let freed: number | undefined;
    try {
      await rabbitmq.limitDisk(moreThanThereIs);
      const alarmed = await stage.until(async () => (await rabbitmq.disk()).isAlarmed, 20_000);
      const begun = Date.now();
      await stage.wait(20_000);
      const orders = stage.crowd.figures('order', begun);
      stage.judge('the broker takes no messages, and orders are taken', `alarm ${alarmed === undefined ? 'not raised' : 'raised'}; ${words(orders)}`, alarmed !== undefined && orders.failed === 0 && (orders.statuses['202'] ?? 0) > 0);
      const paid = stage.crowd.wishes.filter(({ startedAt, status }) => startedAt > begun && status === 201).length;
      stage.judge('nobody is told of a payment that cannot be known yet', `${paid} paid`, paid === 0);
      const browse = stage.crowd.figures('browse', begun);
      stage.judge('no look at the catalogue fails', words(browse), browse.failed === 0);
      freed = Date.now();
    } finally {
      await rabbitmq.limitDisk(String(limit));
    }
    const drained = await stage.until(async () => (await stage.backlog(freed)) === 0, 2 * healMs, 250);
    stage.judge(`the backlog is worked off within ${healMs / 1000} s after there is room`, `${drained ?? `> ${2 * healMs}`} ms`, (drained ?? Infinity) <= healMs);
  },
};

export const mongo: GameDay = {
  name: 'mongo',
  what: 'kill -9 mongod for 10 s: what is cached is shown, everything else says 503 at once and comes back by itself',
  play: async (stage) => {
    await stage.kill('mongod');
    const begun = Date.now();
    await stage.wait(10_000);
    for (const doing of ['browse', 'cart', 'order'] as const) {
      const figures = stage.crowd.figures(doing, begun);
      stage.judge(`${doing}: no request waits more than 3 s without the database`, words(figures), figures.slowest <= 3000);
    }
    const unnamed = stage.crowd.askings.filter(({ at, status, retryAfter }) => at >= begun && (unanswered(status) || (status === 503 && !retryAfter)));
    stage.judge('each 503 says when to come back', `${unnamed.length} without Retry-After`, unnamed.length === 0);
    await stage.repair();
    const mended = Date.now();
    const back = await stage.until(() => stage.crowd.wishes.some(({ startedAt, status }) => startedAt > mended && status === 201), 30_000);
    stage.tell(`  the first order is paid ${back ?? '> 30,000'} ms after the repair`);
    stage.judge('orders are paid again within 15 s', `${back ?? '> 30000'} ms`, back !== undefined && back <= 15_000);
    await stage.wait(5000);
    const after = stage.crowd.figures('browse', mended + 3000);
    stage.judge('99 % of what is asked for then is answered', words(after), after.failed <= after.asked * 0.01);
  },
};

export const nginx: GameDay = {
  name: 'nginx',
  what: 'kill -9 a worker process of nginx',
  play: async (stage) => {
    const before = await stage.nginxWorkers();
    const victim = before[Math.floor(stage.random() * before.length)];
    if (victim === undefined) throw new Error('nginx has no worker process that can be seen here (Linux only)');
    const begun = Date.now();
    stage.tell(`kill -9 nginx worker (pid ${victim}), one of ${before.length}`);
    process.kill(victim, 'SIGKILL');
    const back = await stage.until(async () => {
      const now = await stage.nginxWorkers();
      return now.length === before.length && !now.includes(victim);
    }, 10_000, 50);
    stage.judge('another worker process within a second', `${back ?? '> 10000'} ms`, back !== undefined && back <= 1000);
    await stage.wait(4000);
    const late = stage.crowd.figures('browse', begun + 1000);
    stage.judge('a second later no look at the catalogue fails', words(late), late.failed === 0);
  },
};
