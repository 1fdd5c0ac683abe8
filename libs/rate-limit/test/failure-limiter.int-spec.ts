import { RedisStateClient } from '@shopfleet/redis';
import { freshRedis } from '@shopfleet/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS, FailureLimiter, RedisLimitStore, type AdmittedAttempt, type Attempt } from '../src/index.ts';

let client: RedisStateClient;
let failures: FailureLimiter;

beforeEach(async () => {
  client = new RedisStateClient(await freshRedis('state'));
  failures = new FailureLimiter(new RedisLimitStore(client));
});

afterEach(async () => {
  await client.onApplicationShutdown();
});

const attempt = (overrides: Partial<Attempt> = {}): Attempt => ({ kind: 'login', address: '203.0.113.7', account: 'ada@example.com', ...overrides });

async function admitted(attempts: Attempt[]): Promise<AdmittedAttempt[]> {
  const outcomes = await Promise.allSettled(attempts.map((one) => failures.admit(one)));
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

it('lets 20 guesses of one address through, even if 200 are sent at once on as many accounts', async () => {
  const guesses = Array.from({ length: 200 }, (_, i) => attempt({ account: `user${i}@example.com` }));
  expect(await admitted(guesses)).toHaveLength(FAILURES_PER_ADDRESS);
});

it('locks an account softly, whatever the address, and tells which attempt was the last', async () => {
  const guesses = Array.from({ length: 50 }, (_, i) => attempt({ address: `203.0.113.${i}` }));
  const through = await admitted(guesses);
  expect(through).toHaveLength(FAILURES_PER_ACCOUNT);
  expect(through.filter(({ isLastOfAccount }) => isLastOfAccount)).toHaveLength(1);
  expect(through[0]?.accountFreeAt.getTime()).toBeLessThanOrEqual(Date.now() + 15 * 60_000);
  await expect(failures.admit(attempt({ address: '198.51.100.1' }))).rejects.toMatchObject({ code: 'rate-limited', retryAfterSeconds: expect.any(Number) });
});

it('does not count attempts that succeed', async () => {
  for (let i = 0; i < 60; i += 1) await (await failures.admit(attempt())).succeed();
  expect(await admitted([attempt()])).toHaveLength(1);
});

it('counts each kind by itself', async () => {
  await admitted(Array.from({ length: 20 }, () => attempt()));
  expect(await admitted([attempt({ kind: 'reset' })])).toHaveLength(1);
});
