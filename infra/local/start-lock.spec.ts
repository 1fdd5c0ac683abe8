import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lockHolder, takeLock } from './start-lock.ts';

const lockFile = () => path.join(mkdtempSync(path.join(tmpdir(), 'start-lock-')), 'run', 'start.lock');
const silent = () => undefined;

afterEach(() => void vi.useRealTimers());

describe('the start lock', () => {
  it('is free again after its release', async () => {
    const file = lockFile();
    const lock = await takeLock(file, 'start', silent);
    expect(lock.interrupted).toBeUndefined();
    expect((await lockHolder(file))?.pid).toBe(process.pid);
    lock.release();
    expect(existsSync(file)).toBe(false);
  });

  it('makes a second one wait, and tells it for whom', async () => {
    const file = lockFile();
    const first = await takeLock(file, 'start', silent);
    const heard: number[] = [];
    const second = takeLock(file, 'stop', ({ pid }) => heard.push(pid));
    setTimeout(() => first.release(), 400);
    (await second).release();
    expect(heard).toEqual([process.pid]);
  });

  it('gives up on a living holder after its time, saying which process to end', async () => {
    const file = lockFile();
    const first = await takeLock(file, 'start', silent);
    await expect(takeLock(file, 'start', silent, 100)).rejects.toThrow(`kill ${process.pid}`);
    first.release();
  });

  it('takes over from a holder that was killed, and says so', async () => {
    const file = lockFile();
    (await takeLock(file, 'start', silent)).release();
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    await once(child, 'spawn');
    writeFileSync(file, JSON.stringify({ pid: child.pid, command: 'start', since: new Date().toISOString() }));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await takeLock(file, 'start', silent);
    expect(lock.interrupted?.pid).toBe(child.pid);
    expect((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid).toBe(process.pid);
    lock.release();
  });

  it('takes over from a pid that now belongs to another process', async () => {
    const file = lockFile();
    (await takeLock(file, 'start', silent)).release();
    writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: '1', command: 'start', since: new Date().toISOString() }));
    const lock = await takeLock(file, 'start', silent);
    expect(lock.interrupted?.startTime).toBe('1');
    lock.release();
  });

  it('takes over a file that a crash left unreadable', async () => {
    const file = lockFile();
    (await takeLock(file, 'start', silent)).release();
    writeFileSync(file, '');
    const lock = await takeLock(file, 'start', silent);
    expect(lock.interrupted?.pid).toBe(0);
    lock.release();
  });

  it('lets one of many waiters in at a time when the holder is dead', async () => {
    // All in the same millisecond, by one process: nothing but the hold itself tells the dead one from the next.
    vi.useFakeTimers({ toFake: ['Date'] });
    const file = lockFile();
    (await takeLock(file, 'start', silent)).release();
    writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: '1', command: 'start', since: new Date().toISOString() }));
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const lock = await takeLock(file, 'start', silent);
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inside -= 1;
        lock.release();
      }),
    );
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it('goes on where one that took over was killed in the middle of it', async () => {
    const file = lockFile();
    (await takeLock(file, 'start', silent)).release();
    writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: '1', command: 'start', since: new Date().toISOString() }));
    writeFileSync(`${file}.dead`, '');
    vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: false });
    const taken = takeLock(file, 'start', silent);
    const clock = setInterval(() => vi.setSystemTime(Date.now() + 1_000), 10);
    const lock = await taken;
    clearInterval(clock);
    expect(lock.interrupted?.startTime).toBe('1');
    lock.release();
    expect(existsSync(file)).toBe(false);
  });

  it('is not released by who no longer has it', async () => {
    const file = lockFile();
    const first = await takeLock(file, 'start', silent);
    writeFileSync(file, JSON.stringify({ pid: process.pid, command: 'stop', since: new Date().toISOString(), token: 'another' }));
    first.release();
    expect(existsSync(file)).toBe(true);
  });
});
