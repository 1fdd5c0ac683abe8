import { describe, expect, it } from 'vitest';
import { RangeCounts, type AmountRange } from './range-counts.ts';

/** Amounts, a source that counts them and keeps how many it has looked at. */
class Amounts {
  looked = 0;

  constructor(private readonly amounts: readonly number[]) {}

  within({ from, below }: AmountRange): number {
    return this.amounts.filter((amount) => amount >= from && amount < below).length;
  }

  readonly ask = async (range: AmountRange, most = Infinity): Promise<number> => {
    const count = Math.min(most, this.within(range));
    this.looked += count;
    return count;
  };
}

const skewed = Array.from({ length: 5_000 }, (_, n) => Math.round(1.002 ** n));

describe('the count of a range', () => {
  it('is right for whatever ranges came before it', async () => {
    const [amounts, counts] = [new Amounts(skewed), new RangeCounts()];
    const ends = [-Infinity, 0, 1, 2, 3, 40, 41, 500, 20_000, 21_000, 22_050, Infinity];
    const ranges = ends.flatMap((from) => ends.filter((below) => below >= from).map((below) => ({ from, below })));
    for (const step of [1, 5, 7]) {
      for (let n = 0; n < ranges.length; n += 1) {
        const range = ranges[(n * step) % ranges.length] ?? { from: 0, below: 0 };
        expect({ range, count: await counts.count('a', range, amounts.ask) }).toEqual({ range, count: amounts.within(range) });
      }
    }
  });

  it('looks only at what lies between the ends of a range that is known and its own', async () => {
    const [amounts, counts] = [new Amounts(skewed), new RangeCounts()];
    await counts.count('a', { from: 3, below: 22_000 }, amounts.ask);
    amounts.looked = 0;
    await counts.count('a', { from: 1, below: 21_000 }, amounts.ask);
    expect(amounts.looked).toBe(amounts.within({ from: 1, below: 3 }) + amounts.within({ from: 21_000, below: 22_000 }));
  });

  it('is counted by itself where what is known lies far away, whether by amounts or by products', async () => {
    const [amounts, counts] = [new Amounts([...skewed, ...skewed]), new RangeCounts()];
    await counts.count('a', { from: 1, below: 22_000 }, amounts.ask);
    amounts.looked = 0;
    await counts.count('a', { from: 20_900, below: 21_000 }, amounts.ask);
    expect(amounts.looked).toBe(amounts.within({ from: 20_900, below: 21_000 }));
    amounts.looked = 0;
    await counts.count('a', { from: 2_000, below: 22_000 }, amounts.ask);
    expect(amounts.looked).toBe(1_000 + amounts.within({ from: 2_000, below: 22_000 }));
  });

  it('of one list says nothing about another', async () => {
    const [many, few, counts] = [new Amounts(skewed), new Amounts([5]), new RangeCounts()];
    await counts.count('many', { from: 0, below: 100 }, many.ask);
    expect(await counts.count('few', { from: 0, below: 100 }, few.ask)).toBe(1);
  });
});
