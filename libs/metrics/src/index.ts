export { counter, exposition, gauge, histogram, metricNames, observe, seriesHistogram, type Sample } from './registry.ts';
export { latencyBuckets } from './latency-buckets.ts';
export type { Series, SeriesHistogram } from './series-histogram.ts';
