import { AppError } from '@shopfleet/kernel';
import { MongoNetworkError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { Gathered } from './gathered.ts';

/** Work that can be looked at: every round waits until it is let go. */
const heldWork = () => {
  const rounds: { readonly items: readonly string[]; readonly end: (error?: Error) => void }[] = [];
  const work = (items: readonly string[]): Promise<string[]> =>
    new Promise((resolve, reject) => {
      rounds.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => item.toUpperCase()))) });
    });
  const next = async (number: number) => {
    while (rounds[number] === undefined) await new Promise((resolve) => setImmediate(resolve));
    return rounds[number];
  };
  return { work, next, rounds };
};

describe('what is asked for at the same time', () => {
  it('is done together, and each gets its own result', async () => {
    const { work, next } = heldWork();
    const gathered = new Gathered(work);
    const first = ['a', 'b'].map((item) => gathered.run(item));
    const begun = await next(0);
    expect(begun.items).toEqual(['a', 'b']);
    const later = ['c', 'd'].map((item) => gathered.run(item));
    begun.end();
    const second = await next(1);
    expect(second.items).toEqual(['c', 'd']);
    second.end();
    expect(await Promise.all([...first, ...later])).toEqual(['A', 'B', 'C', 'D']);
  });

  it('is done in rounds of at most so many', async () => {
    const sizes: number[] = [];
    const gathered = new Gathered<number, number>((items) => Promise.resolve(items.map((item) => (sizes.push(items.length), item))), { most: 2 });
    await Promise.all([1, 2, 3, 4, 5].map((item) => gathered.run(item)));
    expect(Math.max(...sizes)).toBe(2);
  });

  it('is done one by one when it fails together: only who is to blame fails', async () => {
    const asked: string[][] = [];
    const gathered = new Gathered<string, string>((items) => {
      asked.push([...items]);
      return items.includes('bad') ? Promise.reject(new Error('no')) : Promise.resolve(items);
    });
    const results = await Promise.allSettled(['a', 'bad', 'b'].map((item) => gathered.run(item)));
    expect(results).toMatchObject([{ value: 'a' }, { reason: { message: 'no' } }, { value: 'b' }]);
    expect(asked).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
  });

  it('fails together when the database is away, and nobody waits for their own turn', async () => {
    let asked = 0;
    const gathered = new Gathered<string, string>(() => {
      asked += 1;
      return Promise.reject(new AppError('dependency-unavailable', { detail: 'away', cause: new MongoNetworkError('gone') }));
    });
    const results = await Promise.allSettled(['a', 'b', 'c'].map((item) => gathered.run(item)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toBe(1);
  });

  it('is not gone through one by one while the database is away', async () => {
    const asked: string[][] = [];
    const gathered = new Gathered<string, string>((items) => {
      asked.push([...items]);
      return Promise.reject(items.length > 1 ? new Error('not together') : new MongoNetworkError('gone'));
    });
    const results = await Promise.allSettled(['a', 'b', 'c'].map((item) => gathered.run(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(asked).toEqual([['a', 'b', 'c'], ['a']]);
  });

  it('is not done again when the time was up: it may have been done', async () => {
    const asked: string[][] = [];
    const gathered = new Gathered<string, string>((items) => {
      asked.push([...items]);
      return items.includes('late') ? Promise.reject(new AppError('dependency-unavailable', { detail: 'time is up' })) : Promise.resolve(items);
    });
    const results = await Promise.allSettled(['a', 'late', 'b'].map((item) => gathered.run(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(asked).toEqual([['a', 'late', 'b']]);
  });
});
