import { Command } from 'ioredis';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CommandDeadlines } from './command-deadlines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('rejects a command that has no answer in time', async () => {
  const command = new Command('get', ['a']);
  const outcome = expect(command.promise).rejects.toThrow('Command timed out');
  new CommandDeadlines(1_000).watch(command);
  await vi.advanceTimersByTimeAsync(900);
  await vi.advanceTimersByTimeAsync(300);
  await outcome;
});

it('lets a command live that was answered', async () => {
  const command = new Command('get', ['a']);
  new CommandDeadlines(1_000).watch(command);
  await vi.advanceTimersByTimeAsync(500);
  command.resolve(Buffer.from('1'));
  await vi.advanceTimersByTimeAsync(2_000);
  await expect(command.promise).resolves.toBeDefined();
});

it('gives each command its own time', async () => {
  const deadlines = new CommandDeadlines(1_000);
  const [first, second] = [new Command('get', ['a']), new Command('get', ['b'])];
  const firstOutcome = expect(first.promise).rejects.toThrow('Command timed out');
  deadlines.watch(first);
  await vi.advanceTimersByTimeAsync(800);
  deadlines.watch(second);
  await vi.advanceTimersByTimeAsync(500);
  await firstOutcome;
  second.resolve(Buffer.from('1'));
  await expect(second.promise).resolves.toBeDefined();
});
