import { availableParallelism, cpus, totalmem } from 'node:os';
import { commandLine, numberOption, UsageError } from '@shopfleet/local';
import { startBenchShop } from './bench-shop.ts';
import { benchBulk } from './bulk.ts';
import { benchCart } from './cart.ts';
import { benchBrowseUnderLogin } from './browse-under-login.ts';
import { benchCatalogue } from './catalogue.ts';
import { benchCatalogueSize } from './catalogue-size.ts';
import { benchCheckout } from './checkout.ts';
import { benchEdge } from './edge.ts';
import { benchImages } from './images.ts';
import { benchLimits } from './limits.ts';
import { benchLogin } from './login.ts';
import { benchMessages } from './messages.ts';
import { benchObservability } from './observability.ts';
import { benchOrders } from './orders.ts';
import { benchReloads } from './reloads.ts';
import { benchSlowClients } from './slow-clients.ts';
import { benchSlowWorker } from './slow-worker.ts';
import { benchWorkerStart } from './worker-start.ts';
import { printTable, type Row } from './table.ts';

const benchmarks = { edge: benchEdge, catalogue: benchCatalogue, 'catalogue-size': benchCatalogueSize, bulk: benchBulk, cart: benchCart, checkout: benchCheckout, orders: benchOrders, messages: benchMessages, limits: benchLimits, login: benchLogin, 'browse-under-login': benchBrowseUnderLogin, 'slow-clients': benchSlowClients, images: benchImages, reloads: benchReloads, observability: benchObservability, 'slow-worker': benchSlowWorker, 'worker-start': benchWorkerStart } as const;
type BenchmarkName = keyof typeof benchmarks;
const names = Object.keys(benchmarks) as BenchmarkName[];

const { values } = commandLine({
  command: 'bench',
  options: { only: { type: 'string' }, orders: { type: 'string', default: '1200' }, seconds: { type: 'string', default: '4' }, carts: { type: 'string', default: '1100000' }, requests: { type: 'string', default: '50000' } },
  help: `npm run bench [-- --only ${names.join(',')}] [--orders N] [--seconds S] [--carts N] [--requests N]

Starts a shop of its own beside a running one (ports +4000 or SHOPFLEET_PORT_OFFSET, demo data), measures on loopback only, stops it again.
  edge      a list of 20 products from the edge cache beside nginx serving the same bytes as a static file
  catalogue a hit in a worker's memory beside bare node:http, an uncached list beside the driver's query, hit rate, cold key
  catalogue-size  1,000 to 100,000 products: what grows, facets, search and its quality, recommendations
  bulk      100,000 products imported, imported again, exported, and imported from that: memory and what changes
  cart      a new cart and two adds by 16 and 64 guests, with few carts and with a million in redis-state
  checkout  whole checkouts from an empty cart, by one worker of each service and by all, 16 and 64 shoppers, provider 0
            and 300 ms, until outbox, queues and jobs are empty, beside the bare MongoDB transaction that inserts an order and takes stock of two products
  orders    pages of order lists at 10,000 and at 1,000,000 orders
  messages  latency from outbox to effect at 200 events/s; a full outbox worked off, beside publishing with confirms and one
            MongoDB transaction per event
  limits    a limited route beside the same one unlimited, one worker
  login     logins of one worker beside bare argon2id; refusals with and without an account
  browse-under-login  p99 of browsing while ten people a second log in, open loop
  slow-clients  p99 of browsing beside 500 sockets that send a byte a second, open loop
  images    p99 of other routes while 200 pictures are uploaded and their renditions made, beside idle, open loop
  reloads   requests that fail while every service is reloaded three times and scaled 2 → 4 → 2, open loop at half of capacity
  slow-worker  what least_conn gives to a worker that is slowed by 50 ms
  worker-start  from the start of a worker until it takes traffic, by service
  observability  workers with metrics, logs and traces beside the same without
Options: --orders per round (1,200, at most 3,000), --seconds of one wrk or cart run (4, at most 30), --carts to
fill redis-state with (1,100,000: past the power of two at which Redis doubles its table; at most 5,000,000), --requests at least through the reloads (50,000).
Every figure is a ratio taken in one run, since machines differ and this one may be busy.`,
});

const chosen = values.only?.split(',') ?? names;
const unknown = chosen.filter((name) => !(name in benchmarks));
if (unknown.length > 0) throw new UsageError(`There is no benchmark "${unknown.join(', ')}": choose from ${names.join(', ')}.`);
const orders = numberOption('orders', values.orders, { least: 16, most: 3_000 });
const seconds = numberOption('seconds', values.seconds, { least: 1, most: 30, whole: false });
const carts = numberOption('carts', values.carts, { least: 1, most: 5_000_000 });
const requests = numberOption('requests', values.requests, { least: 1, most: 1_000_000 });

console.log(`${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`);
const shop = await startBenchShop();
const rows: Row[] = [];
try {
  for (const name of names.filter((candidate) => chosen.includes(candidate))) {
    console.log(`\n${name} …`);
    rows.push(...(await benchmarks[name](shop, { orders, seconds, carts, requests })));
  }
} finally {
  await shop.stop();
}
printTable(rows);
if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
