import { expect, it } from 'vitest';
import { PassingSet } from './passing-set.ts';

it('has each member once, for as long as it is in', () => {
  const [one, two] = [{ name: 'one' }, { name: 'two' }];
  const set = new PassingSet([one]);
  expect(set.add(two).add(two).size).toBe(2);
  expect([...set]).toEqual([one, two]);
  expect([set.delete(one), set.delete(one)]).toEqual([true, false]);
  expect([set.has(one), set.has(two), set.size]).toEqual([false, true, 1]);
  set.clear();
  expect([...set]).toEqual([]);
});

it('takes no more places than there were members at once', () => {
  const set = new PassingSet<{ n: number }>();
  const few = Array.from({ length: 3 }, (_, n) => ({ n }));
  for (const member of few) set.add(member);
  for (let n = 3; n < 1_000; n += 1) {
    const member = { n };
    set.delete(few.shift() ?? member);
    few.push(member);
    set.add(member);
    expect(set.size).toBe(3);
  }
  expect([...set].toSorted((a, b) => a.n - b.n)).toEqual(few);
});

it('knows an object by itself, whatever other sets it is in', () => {
  const member = {};
  const [here, there] = [new PassingSet([member]), new PassingSet([member])];
  here.delete(member);
  expect([here.has(member), there.has(member)]).toEqual([false, true]);
});

it('lets members go while they are looked through', () => {
  const set = new PassingSet(Array.from({ length: 10 }, (_, n) => ({ n })));
  for (const member of set) set.delete(member);
  expect(set.size).toBe(0);
});
