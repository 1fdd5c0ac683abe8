import { expect, it } from 'vitest';
import { within } from './within.ts';

const late = (): Error => new Error('too late');

it('gives what the work gives', async () => {
  expect(await within(1_000, Promise.resolve(7), late)).toBe(7);
  await expect(within(1_000, Promise.reject(new Error('its own')), late)).rejects.toThrow('its own');
});

it('waits no longer than it was told', async () => {
  await expect(within(1, new Promise(() => undefined), late)).rejects.toThrow('too late');
});

it('leaves no rejection unhandled when the work fails afterwards', async () => {
  const work = Promise.withResolvers<never>();
  await expect(within(1, work.promise, late)).rejects.toThrow('too late');
  work.reject(new Error('nobody listens'));
  await new Promise((resolve) => setImmediate(resolve));
});
