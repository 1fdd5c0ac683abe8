import { ContractError } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { decideOnFailure, isDependencyAway, UnprocessableEvent } from './failure-policy.ts';

const delays = [1_000, 10_000, 60_000];
const base = { attempt: 1, waits: 0, firstFailedAt: 0, now: 0 };
const away = new AppError('dependency-unavailable', { detail: 'The database does not answer.' });

describe('a failed delivery', () => {
  it.each([
    [1, { action: 'retry', delayMs: 1_000, attempt: 2 }],
    [2, { action: 'retry', delayMs: 10_000, attempt: 3 }],
    [3, { action: 'retry', delayMs: 60_000, attempt: 4 }],
    [4, { action: 'dead', reason: 'attempts-exhausted' }],
  ])('at try %i is followed by %o', (attempt, decision) => {
    expect(decideOnFailure({ ...base, attempt, error: new Error('no') }, delays)).toEqual(decision);
  });

  it('is dead at once when the contract is broken or the handler gives up', () => {
    expect(decideOnFailure({ ...base, error: new ContractError('unknown-type', 'no') }, delays)).toEqual({ action: 'dead', reason: 'unknown-type' });
    expect(decideOnFailure({ ...base, error: new UnprocessableEvent('no') }, delays)).toEqual({ action: 'dead', reason: 'unprocessable' });
  });

  it('waits for a dependency without using up its tries, first short, then longer', () => {
    expect(decideOnFailure({ ...base, attempt: 4, waits: 9, error: away }, delays)).toEqual({ action: 'retry', delayMs: 1_000, attempt: 4 });
    expect(decideOnFailure({ ...base, attempt: 4, waits: 10, error: away }, delays)).toEqual({ action: 'retry', delayMs: 10_000, attempt: 4 });
  });

  it('does not wait for ever', () => {
    expect(decideOnFailure({ ...base, now: 86_400_001, error: away }, delays)).toEqual({ action: 'dead', reason: 'waited-too-long' });
  });
});

describe('a dependency that is away', () => {
  it.each([
    ['our own error', away],
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a driver error as a cause', new Error('cannot load the order', { cause: Object.assign(new Error('gone'), { name: 'MongoServerSelectionError' }) })],
  ])('is recognised by %s', (_name, error) => expect(isDependencyAway(error)).toBe(true));

  it('is not seen in a bug', () => {
    expect(isDependencyAway(new TypeError('x is undefined'))).toBe(false);
    expect(isDependencyAway(undefined)).toBe(false);
  });
});
