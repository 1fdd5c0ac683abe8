import { describe, expect, it } from 'vitest';
import { ListPositions } from './list-positions.ts';

describe('positions of a list', () => {
  it('lead to the nearest place before a page, each to that of its own list', () => {
    const positions = new ListPositions();
    positions.keep('a', [9, 8, 7], 40);
    positions.keep('a', [3, 2, 1], 100);
    expect(positions.nearest('a', 41)).toBeUndefined();
    expect(positions.nearest('a', 42)).toEqual({ rank: 42, value: 7 });
    expect(positions.nearest('a', 101)).toEqual({ rank: 42, value: 7 });
    expect(positions.nearest('a', 9_999)).toEqual({ rank: 102, value: 1 });
    expect(positions.nearest('b', 9_999)).toBeUndefined();
  });

  it('are the first item of a value, and none where that cannot be told', () => {
    const positions = new ListPositions();
    positions.keep('a', [5, 5, 5], 20);
    expect(positions.nearest('a', 100)).toBeUndefined();
    positions.keep('a', [5, 4, 4], 40);
    expect(positions.nearest('a', 100)).toEqual({ rank: 41, value: 4 });
    positions.keep('a', [], 60);
    expect(positions.nearest('a', 100)).toEqual({ rank: 41, value: 4 });
  });
});
