import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectStoreBehaviour } from '../test/object-store.behaviour.ts';
import { DiskObjectStore } from './disk-object-store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopfleet-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a folder as object store', () => {
  it.each(objectStoreBehaviour)('%s', (_what, check) => check(new DiskObjectStore(folder)));

  it('shows whole files only, and leaves no drafts', async () => {
    const store = new DiskObjectStore(folder);
    await Promise.all(Array.from({ length: 20 }, () => store.put('public/abc/160.webp', Buffer.alloc(200_000, 7))));
    expect(await readdir(join(folder, 'public/abc'))).toEqual(['160.webp']);
  });

  it.each(['../secret', 'a/../b', '/etc/passwd', '', 'a//b', 'a/.b'])('takes no key that leaves the folder: %s', async (key) => {
    await expect(new DiskObjectStore(folder).put(key, Buffer.from('x'))).rejects.toThrow('is no key');
    await expect(new DiskObjectStore(folder).get(key)).rejects.toThrow('is no key');
  });
});
