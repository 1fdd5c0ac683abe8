import { describe, expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe('bounded queue', () => {
  it('runs no more tasks at once than it may, in the order they came', async () => {
    const queue = new BoundedQueue({ concurrency: 2, waitingAtMost: 10 });
    const gates = Array.from({ length: 4 }, gate);
    const started: number[] = [];
    const tasks = gates.map(({ opened }, index) => queue.run(async () => { started.push(index); await opened; return index; }));
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    gates.forEach(({ open }) => open());
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3]);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('refuses at once when too many wait, and takes work again afterwards', async () => {
    const queue = new BoundedQueue({ concurrency: 1, waitingAtMost: 1 });
    const { opened, open } = gate();
    const running = queue.run(() => opened);
    const waiting = queue.run(async () => 'waited');
    await expect(queue.run(async () => 'refused')).rejects.toMatchObject({ code: 'dependency-unavailable', retryAfterSeconds: 1 });
    open();
    await running;
    expect(await waiting).toBe('waited');
    expect(await queue.run(async () => 'again')).toBe('again');
  });

  it('goes on after a task that failed', async () => {
    const queue = new BoundedQueue({ concurrency: 1, waitingAtMost: 5 });
    await expect(queue.run(async () => { throw new Error('no'); })).rejects.toThrow('no');
    expect(await queue.run(async () => 1)).toBe(1);
  });
});
