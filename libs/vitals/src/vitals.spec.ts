import { describe, expect, it } from 'vitest';
import { parseExposition } from './exposition.ts';
import { healthOf } from './health.ts';
import type { Scrape } from './scrape.ts';
import { parseTargets, targetsText } from './targets.ts';
import { commandP95Of, vitalsOf } from './vitals.ts';

const worker = (worker: number, text: string) => ({ service: 'cart', worker, metrics: parseExposition(text) });
const scrapeAt = (at: number, ...workers: ReturnType<typeof worker>[]): Scrape => ({ at, services: ['cart'], workers });

const requests = (ok: number, failed: number, buckets: readonly [string, number][] = []): string => `
process_start_time_seconds 1
http_request_duration_seconds_count{method="GET",route="/api/cart",status="200"} ${ok}
http_request_duration_seconds_count{method="GET",route="/api/cart",status="503"} ${failed}
http_request_duration_seconds_count{method="GET",route="/ready",status="503"} 1000
${buckets.map(([le, count]) => `http_request_duration_seconds_bucket{le="${le}",route="/api/cart",status="200"} ${count}`).join('\n')}`;

describe('vitals between two scrapes', () => {
  it('add the workers up: rate, errors, latency; readiness is nobody’s request', () => {
    const before = scrapeAt(10_000, worker(0, requests(100, 0, [['0.1', 100], ['0.2', 100], ['+Inf', 100]])), worker(1, requests(0, 0, [['0.1', 0], ['0.2', 0], ['+Inf', 0]])));
    const after = scrapeAt(20_000, worker(0, requests(180, 10, [['0.1', 150], ['0.2', 190], ['+Inf', 190]])), worker(1, requests(10, 0, [['0.1', 0], ['0.2', 10], ['+Inf', 10]])));
    const [cart] = vitalsOf(before, after);
    expect(cart).toMatchObject({ workers: 2, requestsPerSecond: 10, errorShare: 0.1 });
    expect([cart?.p50, cart?.p95?.toFixed(2)]).toEqual([0.1, '0.19']);
  });

  it('take a worker that was replaced meanwhile from its own start, and an old one that was not seen from nothing', () => {
    const restarted = 'process_start_time_seconds 15\nhttp_request_duration_seconds_count{route="/a",status="200"} 30';
    const [cart] = vitalsOf(scrapeAt(10_000, worker(0, requests(900, 0))), scrapeAt(20_000, worker(0, restarted), worker(5, requests(5_000, 0))));
    expect(cart?.requestsPerSecond).toBe(3);
  });

  it('tell what the heap and the buffers hold apart from what the process has', () => {
    const text = (held: number) => `process_resident_memory_bytes ${400 * 1024 * 1024}\nnodejs_heap_size_used_bytes ${held * 1024 * 1024}\nnodejs_external_memory_bytes ${25 * 1024 * 1024}`;
    expect(vitalsOf(scrapeAt(0), scrapeAt(1_000, worker(0, text(100)), worker(1, text(50))))[0]).toMatchObject({ memoryShare: 0.8, heldMemoryShare: 0.25 });
  });

  it('add up the commands to MongoDB of all services', () => {
    const text = (fast: number, all: number) => `process_start_time_seconds 1\nshop_mongo_command_seconds_bucket{le="0.05",command="find"} ${fast}\nshop_mongo_command_seconds_bucket{le="0.1",command="find"} ${all}\nshop_mongo_command_seconds_bucket{le="+Inf",command="find"} ${all}`;
    const [before, after] = [scrapeAt(10_000, worker(0, text(500, 500)), worker(1, text(0, 0))), scrapeAt(20_000, worker(0, text(560, 570)), worker(1, text(30, 30)))];
    expect(commandP95Of(before, after)?.toFixed(3)).toBe('0.075');
    expect(commandP95Of(before, before)).toBeUndefined();
  });

  it('take the worst of what each worker tells of the whole service', () => {
    const text = (pending: number) => `shop_outbox_pending ${pending}\nshop_queue_messages{queue="cart.events"} 7\nshop_queue_messages{queue="cart.dead"} 2`;
    expect(vitalsOf(scrapeAt(0), scrapeAt(1_000, worker(0, text(3)), worker(1, text(4))))[0]).toMatchObject({ outboxPending: 4, messagesWaiting: 7, deadLetters: 2 });
  });
});

describe('the health score', () => {
  const [well] = vitalsOf(scrapeAt(0, worker(0, '')), scrapeAt(1_000, worker(0, '')));
  const fine = { ...well!, service: 'cart' };

  it('is 100 where nothing is to complain of', () => {
    expect(healthOf([fine])).toEqual({ score: 100, reasons: [] });
  });

  it.each([
    [{ workers: 0 }, 50],
    [{ errorShare: 0.11 }, 70],
    [{ errorShare: 0.02 }, 90],
    [{ p95: 1.2 }, 85],
    [{ memoryShare: 0.96 }, 80],
    [{ cpuShare: 0.9 }, 95],
    [{ outboxOldestSeconds: 31 }, 85],
    [{ poolShare: 1, poolWaiting: 3 }, 90],
    [{ cacheHitShare: 0.5 }, 95],
  ])('of %o is %d, with its reason', (found, score) => {
    const health = healthOf([{ ...fine, ...found }]);
    expect([health.score, health.reasons.length]).toEqual([score, 1]);
  });

  it('never falls below 0', () => {
    expect(healthOf(Array.from({ length: 5 }, () => ({ ...fine, workers: 0 }))).score).toBe(0);
  });
});

it('targets are read as they are written, and what is none is named', () => {
  const text = 'product=127.0.0.1:5100+20,cart=127.0.0.1:5200+20';
  expect(targetsText(parseTargets(text))).toBe(text);
  expect(() => parseTargets('cart=5200')).toThrow('cart=5200');
});
