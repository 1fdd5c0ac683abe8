import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freeServerPorts, killServer, runningServer, startReaper, startServers, type ServerName, type ServerPlan } from '@shopfleet/local';
import { Crowd, fillCarts, lostPieces } from '@shopfleet/shoppers';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, type FaultShop } from '../src/shop.ts';
import { SmallDisk } from '../src/small-disk.ts';
import { lostTo } from '../src/verdict.ts';

// RabbitMQ stops taking messages while less than 256 MB are free (rabbitmq.conf).
const sizes = { mongod: 800, 'redis-state': 48, rabbitmq: 600 } as const;
type Filled = keyof typeof sizes;
const left: Record<Filled, number> = { mongod: 0, 'redis-state': 0, rabbitmq: 200 };
const noticeMs = 180_000;
const fullMs = 5000;
const healMs = 30_000;

let plan: ServerPlan;
let disks: Record<Filled, SmallDisk>;
let shop: FaultShop;
let finish: () => Promise<void>;

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'shopfleet-full-'));
  const mount = (name: Filled): SmallDisk => SmallDisk.mount(join(dataDir, name), sizes[name]);
  disks = { mongod: mount('mongod'), 'redis-state': mount('redis-state'), rabbitmq: mount('rabbitmq') };
  const reaper = startReaper(dataDir);
  plan = { dataDir, ports: await freeServerPorts(), report: () => undefined, env: { PATH: process.env['PATH'], SHOPFLEET_SERVERS: 'binary' } };
  const servers = await startServers(plan);
  const urlOf = (name: ServerName): string => servers.find((server) => server.name === name)?.url ?? '';
  finish = async () => {
    for (const server of servers) {
      const running = await runningServer(dataDir, server.name);
      if (running) await killServer(running);
    }
    for (const disk of Object.values(disks)) disk.unmount();
    await reaper.finish();
  };
  shop = await openShop({ servers: { mongodb: urlOf('mongod'), redisCache: urlOf('redis-cache'), redisState: urlOf('redis-state'), rabbitmq: urlOf('rabbitmq') } });
  await shop.sell('PLENTY', 1_000_000);
}, 300_000);
afterAll(async () => {
  await shop?.close();
  await finish?.();
}, 120_000);

it.each(Object.keys(sizes) as Filled[])('a full disk under %s: nothing is acknowledged that is not kept, and it heals when there is room', async (name) => {
  const crowd = new Crowd(shop.front, ['PLENTY'], { browsers: 2, carts: 1, buyers: 3 });
  let isOver = false;
  try {
    await eventually(() => crowd.wishes.filter(({ status }) => status === 201).length > 3, { timeoutMs: 60_000 });
    const filling = fillCarts(shop.front, 'PLENTY', () => !isOver);
    await pause(1000);
    disks[name].fill(left[name]);
    const filled = Date.now();
    // What was laid out beforehand takes some more: mongod notices when it next writes its checkpoint.
    await eventually(() => crowd.askings.some(({ doing, at, status }) => at >= filled && (status === 0 || status >= 500 || (doing === 'order' && status === 202))), { timeoutMs: noticeMs, intervalMs: 100 });
    const noticed = Date.now() - filled;
    await pause(fullMs);
    isOver = true;
    const carts = await filling;
    disks[name].free();
    const freed = Date.now();
    // What gave up without a disk is started again, as its supervisor would.
    await startServers({ ...plan, only: [name] });
    await eventually(() => expect(crowd.wishes.some(({ startedAt, status }) => startedAt > freed && status === 201)).toBe(true), { timeoutMs: healMs, intervalMs: 200 });
    const told = (['cart', 'order'] as const).map((doing) => `${doing} ${JSON.stringify(crowd.figures(doing, filled, freed).statuses)}`);
    console.log(`${name} full, noticed after ${noticed} ms: ${told.join(', ')}; an order is paid ${Date.now() - freed} ms after there is room; ${carts.size} carts acknowledged`);
    expect(carts.size).toBeGreaterThan(0);
    expect(await lostPieces(shop.front, carts)).toBe(0);
  } finally {
    isOver = true;
    disks[name].free();
    await crowd.goHome();
  }
  expect(await lostTo(crowd, shop)).toEqual([]);
}, 600_000);
