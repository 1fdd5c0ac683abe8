import { expect, it } from 'vitest';
import type { Pm2Process } from './pm2.ts';
import { WatchedDaemon } from './watched-daemon.ts';

/** A daemon that answers as it is told to, and counts how often it is asked for its list. */
class Daemon {
  pid: number | undefined = 100;
  runs = 1;
  answers = true;
  asked = 0;

  daemonPid(): Promise<number | undefined> {
    return Promise.resolve(this.pid);
  }

  ownProcesses(): Promise<Pm2Process[]> {
    this.asked += 1;
    const one: Pm2Process = { id: 0, name: 'cart-service', cwd: '/shop', pid: 101, status: 'online', restarts: 0, worker: 0, memoryBytes: 0, startedAt: 0 };
    return this.answers ? Promise.resolve(Array.from({ length: this.runs }, () => one)) : Promise.reject(new Error('no answer'));
  }
}

it('asks a daemon that serves for its list once, and misses it when it is gone', async () => {
  const daemon = new Daemon();
  const watched = new WatchedDaemon(daemon);
  expect([await watched.lost(), await watched.lost(), daemon.asked]).toEqual([undefined, undefined, 1]);
  daemon.pid = undefined;
  expect(await watched.lost()).toBe("PM2's daemon");
});

it('misses what PM2 ran at the second look at a daemon that runs nothing', async () => {
  const daemon = new Daemon();
  const watched = new WatchedDaemon(daemon);
  await watched.lost();
  Object.assign(daemon, { pid: 200, runs: 0 });
  expect([await watched.lost(), await watched.lost()]).toEqual([undefined, 'what PM2 ran']);
  daemon.runs = 1;
  expect([await watched.lost(), await watched.lost()]).toEqual([undefined, undefined]);
});

it('takes a list that PM2 does not give for no list at all, and looks again until it is given', async () => {
  const daemon = new Daemon();
  const watched = new WatchedDaemon(daemon);
  daemon.answers = false;
  expect([await watched.lost(), await watched.lost(), await watched.lost(), daemon.asked]).toEqual([undefined, undefined, undefined, 3]);
  Object.assign(daemon, { answers: true, runs: 0 });
  // What was not told is no first look either.
  expect([await watched.lost(), await watched.lost()]).toEqual([undefined, 'what PM2 ran']);
});
