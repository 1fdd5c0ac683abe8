import { exampleOf, stockLow } from '@shopfleet/contracts';
import { describe, expect, it } from 'vitest';
import { wavesOf } from './event-publisher.ts';

describe('waves', () => {
  it('hold each subject once and keep its order', () => {
    const events = ['A', 'B', 'A', 'C', 'A'].map((subject, index) => exampleOf(stockLow, { id: `evt_${index}`, subject }));
    expect(wavesOf(events).map((wave) => wave.map(({ id }) => id))).toEqual([['evt_0', 'evt_1', 'evt_3'], ['evt_2'], ['evt_4']]);
  });
});
