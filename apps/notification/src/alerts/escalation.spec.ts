import { expect, it } from 'vitest';
import { escalationOf } from './escalation.ts';

const start = new Date('2026-11-27T08:00:00Z');
const later = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

it.each([
  ['critical', 0, 1],
  ['critical', 9.9, 1],
  ['critical', 10, 2],
  ['critical', 30, 3],
  ['warning', 30, 1],
  ['warning', 240, 2],
  ['warning', 1440, 3],
  [undefined, 239, 1],
] as const)('what is %s and has stayed %d minutes is of level %d', (severity, minutes, level) => {
  expect(escalationOf(severity, start, later(minutes))).toBe(level);
});
