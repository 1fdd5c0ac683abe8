import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { LimitStore } from '../src/limit-store.ts';

/** What every `LimitStore` promises; run on each implementation. */
export function limitStoreBehaviour(name: string, open: () => LimitStore): void {
  let keys = 0;
  const freshKey = (): string => `behaviour:${(keys += 1)}:${Math.random()}`;
  const allowedOf = async (store: LimitStore, key: string, times: number, limit: number): Promise<number> => {
    const takings = await Promise.all(Array.from({ length: times }, () => store.take([{ key, limit, windowMs: 60_000 }])));
    return takings.filter(({ allowed }) => allowed).length;
  };

  describe(name, () => {
    it('allows exactly the limit, however many ask at once', async () => {
      expect(await allowedOf(open(), freshKey(), 500, 100)).toBe(100);
    });

    it('gives each of those that ask with one list of uses a number of its own', async () => {
      const store = open();
      const narrow = { key: freshKey(), limit: 7, windowMs: 60_000 };
      const uses = [{ key: freshKey(), limit: 10, windowMs: 60_000 }, narrow];
      await store.take([narrow]);
      const takings = await Promise.all(Array.from({ length: 20 }, () => store.take(uses)));
      const allowed = takings.filter((taking) => taking.allowed);
      expect(allowed.map(({ states }) => states.map((state) => state.uses))).toEqual(Array.from({ length: 6 }, (_, i) => [i + 1, i + 2]));
      expect(takings.filter((taking) => taking.refusedBy === 1)).toHaveLength(14);
      expect(takings.at(-1)?.states.map((state) => state.uses)).toEqual([6, 7]);
    });

    it('counts every key by itself', async () => {
      const store = open();
      expect(await allowedOf(store, freshKey(), 5, 3)).toBe(3);
      expect(await allowedOf(store, freshKey(), 5, 3)).toBe(3);
    });

    it('tells uses and the time until they are back', async () => {
      const store = open();
      const use = { key: freshKey(), limit: 2, windowMs: 60_000 };
      const { states: first } = await store.take([use]);
      const { states: second } = await store.take([use]);
      const refused = await store.take([use]);
      expect([first[0]?.uses, second[0]?.uses, refused.states[0]?.uses]).toEqual([1, 2, 2]);
      expect(refused).toMatchObject({ allowed: false, refusedBy: 0 });
      expect(refused.states[0]?.resetMs).toBeGreaterThan(55_000);
      expect(refused.states[0]?.resetMs).toBeLessThanOrEqual(60_000);
    });

    it('allows again when the window has ended', async () => {
      const store = open();
      const use = { key: freshKey(), limit: 1, windowMs: 150 };
      expect((await store.take([use])).allowed).toBe(true);
      expect((await store.take([use])).allowed).toBe(false);
      await pause(200);
      expect((await store.take([use])).allowed).toBe(true);
    });

    it('takes from all limits or from none', async () => {
      const store = open();
      const wide = { key: freshKey(), limit: 10, windowMs: 60_000 };
      const narrow = { key: freshKey(), limit: 1, windowMs: 60_000 };
      expect((await store.take([wide, narrow])).allowed).toBe(true);
      expect(await store.take([wide, narrow])).toMatchObject({ allowed: false, refusedBy: 1 });
      expect((await store.take([wide])).states[0]?.uses).toBe(2);
    });

    it('allows again what was given back, and never more than the limit', async () => {
      const store = open();
      const use = { key: freshKey(), limit: 1, windowMs: 60_000 };
      await store.giveBack([use.key]);
      expect((await store.take([use], { durable: true })).allowed).toBe(true);
      await store.giveBack([use.key]);
      expect((await store.take([use], { durable: true })).allowed).toBe(true);
      expect((await store.take([use], { durable: true })).allowed).toBe(false);
    });
  });
}
