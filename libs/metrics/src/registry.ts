import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type Metric } from 'prom-client';
import { latencyBuckets } from './latency-buckets.ts';
import { SeriesHistogram } from './series-histogram.ts';

// One registry per process: a worker is what Prometheus scrapes. Several services in one process (tests) share it.
const registry = new Registry();
// Node's own figures (memory, CPU, event-loop lag, garbage) under the names that everybody's dashboards know.
collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });

/** One value that a scrape finds, such as `{ labels: { queue: 'orders' }, value: 3 }`. */
export interface Sample<L extends string = string> {
  readonly labels?: Readonly<Partial<Record<L, string>>>;
  readonly value: number;
}

type Read = () => readonly Sample[] | Promise<readonly Sample[]>;

// A dependency that hangs must not hang the scrape, whose time-out would lose all other figures with it.
const readTimeoutMs = 1_000;
const failedReads = counter('shop_metrics_failed_reads_total', 'Figures that could not be read at a scrape', ['metric']);
const readersOf = new Map<string, Set<Read>>();

/** A counter of this process; asked for again by the same name it is the same. Names end in `_total`. */
export function counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
  return (registry.getSingleMetric(name) as Counter<L> | undefined) ?? new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
}

/** A gauge that is set where the value changes; for what has to be looked up use {@link observe}. */
export function gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
  return (registry.getSingleMetric(name) as Gauge<L> | undefined) ?? new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
}

/** A histogram of seconds. */
export function histogram<L extends string>(name: string, help: string, labelNames: readonly L[] = [], buckets: readonly number[] = latencyBuckets): Histogram<L> {
  return (registry.getSingleMetric(name) as Histogram<L> | undefined) ?? new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [registry] });
}

/** A histogram of seconds whose series are kept by who counts: for what happens at every request. */
export function seriesHistogram(name: string, help: string): SeriesHistogram {
  const known = registry.getSingleMetric(name) as unknown;
  if (known !== undefined) return known as SeriesHistogram;
  const made = new SeriesHistogram(name, help, latencyBuckets);
  // The registry asks its metrics for their name and get() and nothing else.
  registry.registerMetric(made as unknown as Metric);
  return made;
}

/**
 * A gauge whose samples are read at each scrape, for at most a second; where reading fails the gauge is absent, and
 * `shop_metrics_failed_reads_total` counts it. Returns the function that ends it.
 *
 * @example observe('shop_outbox_pending', 'Events that wait to be published', [], async () => [{ value: await source.pending() }]);
 */
export function observe<L extends string>(name: string, help: string, labelNames: readonly L[], read: () => readonly Sample<L>[] | Promise<readonly Sample<L>[]>): () => void {
  const readers = readersOf.get(name) ?? new Set<Read>();
  readersOf.set(name, readers);
  readers.add(read);
  if (registry.getSingleMetric(name) === undefined) {
    const metric: Gauge<L> = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry], collect: () => readAll(name, metric, readers) });
  }
  return () => void readers.delete(read);
}

/** What Prometheus reads: its text format, with the content type to send it under. */
export async function exposition(): Promise<{ readonly text: string; readonly contentType: string }> {
  return { text: await registry.metrics(), contentType: registry.contentType };
}

/** Names of all metrics that exist in this process, for checks of dashboards and rules. */
export function metricNames(): readonly string[] {
  return registry.getMetricsAsArray().map(({ name }) => name);
}

async function readAll(name: string, metric: Gauge, readers: ReadonlySet<Read>): Promise<void> {
  const found = await Promise.all([...readers].map((read) => inTime(read).catch(() => void failedReads.inc({ metric: name }))));
  metric.reset();
  // A gauge without labels comes back from the reset as zero; where nobody has a value that would be a claim.
  if (found.every((samples) => samples === undefined || samples.length === 0)) metric.remove({});
  for (const { labels, value } of found.flatMap((samples) => samples ?? [])) {
    if (labels === undefined) metric.set(value);
    else metric.set(labels, value);
  }
}

async function inTime(read: Read): Promise<readonly Sample[]> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('late')), readTimeoutMs);
  try {
    return await Promise.race([Promise.resolve().then(read), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
