import { readdirSync, readFileSync } from 'node:fs';
import { eventually, picture } from '@shopfleet/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { PictureError } from './picture-error.ts';
import { RenderProcess } from './render-process.ts';

const process_ = new RenderProcess(1);
afterAll(() => process_.close());

const bytesOf = (name: Parameters<typeof picture>[0]): Uint8Array<ArrayBuffer> => new Uint8Array(picture(name));

/** Field 19 of its line in /proc: how much it gives way to others. */
const niceness = (pid: number, thread: string): number => Number(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[16]);

describe('a process for pictures', () => {
  it('renders as its threads do, tells how far it is, and says what is the picture’s fault', async () => {
    const shares: number[] = [];
    const { renditions } = await process_.render(bytesOf('plain.jpg'), (share) => shares.push(share));
    expect(renditions.map(({ format, size }) => `${size}.${format}`)).toEqual(['960.avif', '960.webp', '480.avif', '480.webp', '160.avif', '160.webp']);
    expect(renditions.every(({ bytes }) => bytes.length > 50)).toBe(true);
    expect(shares).toHaveLength(6);
    await expect(process_.render(bytesOf('damaged.png'))).rejects.toThrow(PictureError);
  });

  it.runIf(process.platform === 'linux')('gives way to everybody, with every thread that it has or starts', async () => {
    await process_.render(bytesOf('plain.webp'));
    const pid = process_.pid ?? 0;
    const threads = readdirSync(`/proc/${pid}/task`);
    expect(threads.length).toBeGreaterThan(4);
    expect(threads.map((thread) => niceness(pid, thread))).toEqual(threads.map(() => 10));
  });

  it('that is killed fails what it had in hand, and the next picture gets another', async () => {
    const rendering = process_.render(bytesOf('largest.png'));
    const pid = process_.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await expect(rendering).rejects.toThrow('SIGKILL');
    expect((await process_.render(bytesOf('plain.webp'))).renditions).toHaveLength(6);
    expect(process_.pid).not.toBe(pid);
  });

  it('is gone when it is closed', async () => {
    const pid = process_.pid ?? 0;
    process_.close();
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow());
  });
});
