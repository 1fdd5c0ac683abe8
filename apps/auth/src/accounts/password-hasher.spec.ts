import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, getPriority } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PasswordHasher } from './password-hasher.ts';

const hasher = new PasswordHasher();
const niceness = (thread: string): number => Number(readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[16]);

beforeAll(() => hasher.onModuleInit());
afterAll(() => hasher.onApplicationShutdown());

describe('password hasher', () => {
  it('knows a password again, on whichever keyboard it was typed, and no other', async () => {
    const stored = await hasher.hash('caf\u00e9 au lait');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/u);
    expect(await hasher.matches('cafe\u0301 au lait', stored)).toBe(true);
    expect(await hasher.matches('cafe au lait', stored)).toBe(false);
    expect(await hasher.matches('cafe au lait', undefined)).toBe(false);
  });

  it('refuses at once when too many wait, and takes work again afterwards', async () => {
    const stored = await hasher.hash('secret');
    const outcomes = await Promise.allSettled(Array.from({ length: 60 + 2 * availableParallelism() }, () => hasher.matches('secret', stored)));
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refusals.length).toBeGreaterThan(0);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'dependency-unavailable', retryAfterSeconds: 1 });
    expect(await hasher.matches('secret', stored)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('lets its threads give way to the event loop', () => {
    // The main thread bears the number of the process; it need not be the first that is listed, for names sort 10000 before 9999.
    const main = String(process.pid);
    const others = readdirSync('/proc/self/task').filter((thread) => thread !== main);
    // Tests may be run at a lower priority themselves; 19 is the lowest.
    expect(niceness(main)).toBe(getPriority());
    expect(others.map(niceness)).toContain(Math.min(getPriority() + 10, 19));
  });
});
