import { expect, it } from 'vitest';
import { limitStoreBehaviour } from '../test/limit-store.behaviour.ts';
import { MemoryLimitStore } from './memory-limit-store.ts';
import { RememberedRefusals } from './remembered-refusals.ts';

limitStoreBehaviour('RememberedRefusals', () => new RememberedRefusals(new MemoryLimitStore()));

it('asks no more until the window ends, and then asks again', async () => {
  let now = 0;
  let asked = 0;
  const memory = new MemoryLimitStore(() => now);
  const counted = new Proxy(memory, {
    get: (target, name) => (name === 'take' ? (uses: Parameters<MemoryLimitStore['take']>[0]) => ((asked += 1), target.take(uses)) : Reflect.get(target, name)),
  });
  const store = new RememberedRefusals(counted, () => now);
  const narrow = { key: 'narrow', limit: 1, windowMs: 1_000 };
  const wide = { key: 'wide', limit: 100, windowMs: 1_000 };
  await store.take([narrow]);
  for (let i = 0; i < 50; i += 1) expect(await store.take([wide, narrow])).toMatchObject({ allowed: false, refusedBy: 1 });
  expect(asked).toBe(2);
  now = 1_000;
  expect((await store.take([wide, narrow])).allowed).toBe(true);
  expect((await store.take([wide])).states[0]?.uses).toBe(2);
});
