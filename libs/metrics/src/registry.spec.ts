import { expect, it } from 'vitest';
import { counter, exposition, histogram, metricNames, observe, seriesHistogram } from './registry.ts';

const valueOf = async (line: string): Promise<number | undefined> => {
  const found = (await exposition()).text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.split(' ').at(-1));
};

it('counts under one name, whoever asks for it', async () => {
  counter('test_things_total', 'Things', ['kind']).inc({ kind: 'a' });
  counter('test_things_total', 'Things', ['kind']).inc({ kind: 'a' }, 2);
  expect(await valueOf('test_things_total{kind="a"}')).toBe(3);
});

it('puts seconds into buckets that hold the bounds of the alerts', async () => {
  histogram('test_seconds', 'Seconds', ['route']).observe({ route: '/a' }, 0.3);
  expect([await valueOf('test_seconds_bucket{le="0.2",route="/a"}'), await valueOf('test_seconds_bucket{le="0.5",route="/a"}'), await valueOf('test_seconds_count{route="/a"}')]).toEqual([0, 1, 1]);
});

it('keeps series for who counts at every request, and tells them as any other histogram', async () => {
  const times = seriesHistogram('test_request_seconds', 'Seconds');
  const series = times.series({ route: '/a', status: '200' });
  for (const seconds of [0.002, 0.3, 60]) series.observe(seconds);
  expect(seriesHistogram('test_request_seconds', 'Seconds').series({ route: '/a', status: '200' })).toBe(series);
  times.series({ route: '/b', status: '404' });
  const labels = 'route="/a",status="200"';
  expect(await Promise.all(['0.002', '0.2', '0.5', '5', '+Inf'].map((bound) => valueOf(`test_request_seconds_bucket{le="${bound}",${labels}}`)))).toEqual([1, 1, 2, 2, 3]);
  expect([await valueOf(`test_request_seconds_sum{${labels}}`), await valueOf(`test_request_seconds_count{${labels}}`)]).toEqual([60.302, 3]);
  expect(await valueOf('test_request_seconds_count{route="/b",status="404"}')).toBe(0);
  expect((await exposition()).text).toContain('# TYPE test_request_seconds histogram');
});

it('reads observed figures at each scrape, and no longer when it was ended', async () => {
  let depth = 1;
  const end = observe('test_depth', 'Depth', ['queue'], () => [{ labels: { queue: 'q' }, value: depth }]);
  expect(await valueOf('test_depth{queue="q"}')).toBe(1);
  depth = 7;
  expect(await valueOf('test_depth{queue="q"}')).toBe(7);
  end();
  expect(await valueOf('test_depth{queue="q"}')).toBeUndefined();
});

it('leaves out what cannot be read, says so, and gives the rest', async () => {
  observe('test_broken', 'Broken', [], () => Promise.reject(new Error('away')));
  observe('test_whole', 'Whole', [], () => [{ value: 5 }]);
  expect([await valueOf('test_broken'), await valueOf('test_whole')]).toEqual([undefined, 5]);
  expect(await valueOf('shop_metrics_failed_reads_total{metric="test_broken"}')).toBeGreaterThan(0);
});

it('does not wait for a reader that hangs', async () => {
  const end = observe('test_hanging', 'Hanging', [], () => new Promise<never>(() => undefined));
  expect(await valueOf('test_hanging')).toBeUndefined();
  end();
});

it('knows the names that there are, those of Node among them', () => {
  expect(metricNames()).toEqual(expect.arrayContaining(['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds']));
});
