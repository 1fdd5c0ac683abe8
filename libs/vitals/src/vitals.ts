import type { Series } from './exposition.ts';
import type { Scrape, WorkerScrape } from './scrape.ts';

// PM2 replaces a worker that has grown beyond (ecosystem.config.js).
const memoryLimitBytes = 500 * 1024 * 1024;

/** How a service does, over the time between two scrapes. Shares are from 0 to 1. */
export interface ServiceVitals {
  readonly service: string;
  readonly workers: number;
  readonly requestsPerSecond: number;
  /** Answers of 500 and above among all; 0 where nobody asked. */
  readonly errorShare: number;
  /** Seconds; undefined where nobody asked. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  /** Of one core, the mean of its workers. */
  readonly cpuShare: number;
  /** Of the limit at which PM2 replaces a worker: the largest of its workers. */
  readonly memoryShare: number;
  /** Of the same limit what its heap and buffers hold now: what was once needed stays with a process and is in memoryShare. */
  readonly heldMemoryShare: number;
  readonly memoryBytes: number;
  /** Seconds, the worst of its workers. */
  readonly eventLoopLag: number;
  /** Connections to MongoDB in use, of those that there may be. */
  readonly poolShare: number;
  /** Operations that wait for a connection. */
  readonly poolWaiting: number;
  /** Reads answered by memory or Redis among all; undefined where there is no cache or hardly a read. */
  readonly cacheHitShare: number | undefined;
  readonly limitsWithoutRedis: number;
  readonly outboxPending: number;
  readonly outboxOldestSeconds: number;
  readonly messagesWaiting: number;
  readonly deadLetters: number;
  readonly jobsWaiting: number;
}

/** Seconds within which 95 of 100 commands of all services to MongoDB were answered between the two scrapes; undefined where there were none. */
export function commandP95Of(before: Scrape, after: Scrape): number | undefined {
  return quantiles(pairsOf(after.workers, before), before.at, 'shop_mongo_command_seconds_bucket')(0.95);
}

const fewestReads = 100;
const held = ['nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes'];

/** Every service that was asked for, by what its workers counted between the two scrapes. */
export function vitalsOf(before: Scrape, after: Scrape): ServiceVitals[] {
  const seconds = Math.max(0.001, (after.at - before.at) / 1_000);
  return after.services.map((service) => {
    const workers = after.workers.filter((worker) => worker.service === service);
    const pairs = pairsOf(workers, before);
    const grown = (name: string, counts: (labels: Series['labels']) => boolean = () => true): number => pairs.reduce((sum, { worker, old }) => sum + growth(worker, old, before.at, name, counts), 0);
    const gauges = (name: string, counts: (labels: Series['labels']) => boolean = () => true): number[] => workers.map(({ metrics }) => sumOf(metrics.get(name), counts));
    const most = (values: readonly number[]): number => Math.max(0, ...values);
    const asked = ({ route }: Series['labels']): boolean => !isOwn(route);
    const requests = grown('http_request_duration_seconds_count', asked);
    const reads = grown('shop_cache_reads_total');
    const [inUse, poolMost] = [most(gauges('shop_mongo_pool_connections', ({ state }) => state === 'in-use')), most(gauges('shop_mongo_pool_connections', ({ state }) => state === 'max'))];
    const quantile = quantiles(pairs, before.at, 'http_request_duration_seconds_bucket', asked);
    const memory = gauges('process_resident_memory_bytes');
    return {
      service,
      workers: workers.length,
      requestsPerSecond: requests / seconds,
      errorShare: requests === 0 ? 0 : grown('http_request_duration_seconds_count', (labels) => asked(labels) && Number(labels['status']) >= 500) / requests,
      p50: quantile(0.5),
      p95: quantile(0.95),
      cpuShare: workers.length === 0 ? 0 : grown('process_cpu_seconds_total') / seconds / workers.length,
      memoryShare: most(memory) / memoryLimitBytes,
      heldMemoryShare: most(workers.map(({ metrics }) => held.reduce((sum, name) => sum + sumOf(metrics.get(name), () => true), 0))) / memoryLimitBytes,
      memoryBytes: memory.reduce((sum, bytes) => sum + bytes, 0),
      eventLoopLag: most(gauges('nodejs_eventloop_lag_p99_seconds')),
      poolShare: poolMost === 0 ? 0 : inUse / poolMost,
      poolWaiting: most(gauges('shop_mongo_pool_connections', ({ state }) => state === 'waiting')),
      cacheHitShare: reads < fewestReads ? undefined : grown('shop_cache_reads_total', ({ tier }) => tier !== 'MISS') / reads,
      limitsWithoutRedis: grown('shop_limit_checks_without_redis_total'),
      // Each worker tells of the whole service: the worst of them, not their sum.
      outboxPending: most(gauges('shop_outbox_pending')),
      outboxOldestSeconds: most(gauges('shop_outbox_oldest_seconds')),
      messagesWaiting: most(gauges('shop_queue_messages', ({ queue }) => !isDead(queue))),
      deadLetters: most(gauges('shop_queue_messages', ({ queue }) => isDead(queue))),
      jobsWaiting: most(gauges('shop_queue_jobs', ({ state }) => state === 'wait')),
    };
  });
}

const isDead = (queue: string | undefined): boolean => queue?.endsWith('.dead') ?? false;
const isOwn = (route: string | undefined): boolean => route === '/ready' || route === '/health';

function sumOf(series: readonly Series[] | undefined, counts: (labels: Series['labels']) => boolean): number {
  return (series ?? []).reduce((sum, { labels, value }) => (counts(labels) ? sum + value : sum), 0);
}

/** What a counter grew by; a worker that was replaced meanwhile began at zero. */
function growth(worker: WorkerScrape, old: WorkerScrape | undefined, since: number, name: string, counts: (labels: Series['labels']) => boolean): number {
  const now = sumOf(worker.metrics.get(name), counts);
  const started = (worker.metrics.get('process_start_time_seconds')?.[0]?.value ?? 0) * 1_000;
  if (started > since) return now;
  // Old enough, but not seen at the first scrape: what it has counted so far may be of yesterday.
  return old === undefined ? 0 : Math.max(0, now - sumOf(old.metrics.get(name), counts));
}

interface Pair {
  readonly worker: WorkerScrape;
  /** The same worker at the first scrape. */
  readonly old: WorkerScrape | undefined;
}

const pairsOf = (workers: readonly WorkerScrape[], before: Scrape): Pair[] =>
  workers.map((worker) => ({ worker, old: before.workers.find((candidate) => candidate.service === worker.service && candidate.worker === worker.worker) }));

function quantiles(pairs: readonly Pair[], since: number, name: string, counts: (labels: Series['labels']) => boolean = () => true): (fraction: number) => number | undefined {
  const bounds = [...new Set(pairs.flatMap(({ worker }) => (worker.metrics.get(name) ?? []).map(({ labels }) => labels['le'] ?? '')))].sort((a, b) => boundOf(a) - boundOf(b));
  const cumulated = bounds.map((bound) => ({ bound: boundOf(bound), count: pairs.reduce((sum, { worker, old }) => sum + growth(worker, old, since, name, (labels) => labels['le'] === bound && counts(labels)), 0) }));
  const total = cumulated.at(-1)?.count ?? 0;
  return (fraction) => {
    if (total === 0) return undefined;
    const index = cumulated.findIndex(({ count }) => count >= fraction * total);
    const [here, below] = [cumulated[index], cumulated[index - 1] ?? { bound: 0, count: 0 }];
    if (here === undefined) return undefined;
    // Beyond the last bound nothing more is known than that.
    if (here.bound === Infinity) return below.bound;
    return below.bound + ((here.bound - below.bound) * (fraction * total - below.count)) / Math.max(1, here.count - below.count);
  };
}

const boundOf = (text: string): number => (text === '+Inf' ? Infinity : Number(text));
