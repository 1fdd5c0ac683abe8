import { expect, it } from 'vitest';
import { chainTo, type BackupSet } from './sets.ts';

const set = (id: string, until: number, before?: string): BackupSet => ({
  id, until: `${until}:1`, databases: ['shop_order'], takenAt: new Date(until * 1000).toISOString(), tookMs: 1, redis: [], pictures: 0,
  ...(before === undefined ? { dump: { at: `${until}:1`, collections: [] } } : { before }),
});
const sets = [set('f1', 100), set('i1', 200, 'f1'), set('i2', 300, 'i1'), set('f2', 310), set('i3', 400, 'f2')];
const wayTo = (second?: number): string[] => chainTo(sets, second).map(({ id }) => id);

it('leads to the newest moment from the newest full backup', () => {
  expect(wayTo()).toEqual(['f2', 'i3']);
});

it('leads to every second from the full backup before it, with the increment that goes beyond', () => {
  expect([100, 150, 200, 250, 299].map(wayTo)).toEqual([['f1', 'i1'], ['f1', 'i1'], ['f1', 'i1', 'i2'], ['f1', 'i1', 'i2'], ['f1', 'i1', 'i2']]);
  expect(wayTo(350)).toEqual(['f2', 'i3']);
});

it('leads as near as it can where nothing leads further, and says when nothing leads there', () => {
  expect(wayTo(305)).toEqual(['f1', 'i1', 'i2']);
  expect(wayTo(999)).toEqual(['f2', 'i3']);
  expect(() => wayTo(99)).toThrow('reaches back');
  expect(() => chainTo([])).toThrow('no backup');
  expect(() => chainTo(sets.slice(1, 3))).toThrow('missing');
});
