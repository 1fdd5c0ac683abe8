export { counter, exposition, gauge, histogram, metricNames, observe, type Sample } from './registry.ts';
export { latencyBuckets } from './latency-buckets.ts';
