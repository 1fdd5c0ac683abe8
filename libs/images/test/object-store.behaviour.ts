import assert from 'node:assert/strict';
import type { ObjectStore } from '../src/object-store.ts';

/** What every object store does; run on each of them, by the unit tests and by `npm run test:s3`. */
export const objectStoreBehaviour: readonly (readonly [what: string, check: (store: ObjectStore) => Promise<void>])[] = [
  ['gives back what it was given, byte for byte, also 5 MB of it', async (store) => {
    for (const [key, bytes] of [['originals/small', Buffer.from([0, 255, 10, 13])], ['public/f00/960.avif', Buffer.alloc(5 * 1024 * 1024, 'shop')]] as const) {
      await store.put(key, bytes, 'image/avif');
      const found = await store.get(key);
      assert.ok(found !== undefined && Buffer.from(found).equals(bytes));
    }
  }],
  ['has nothing under a key that was never used', async (store) => {
    assert.equal(await store.get('originals/unknown'), undefined);
  }],
  ['takes the same twice', async (store) => {
    for (let time = 0; time < 2; time += 1) await store.put('originals/twice', Buffer.from('same'), 'image/png');
    assert.equal(Buffer.from((await store.get('originals/twice')) ?? []).toString(), 'same');
  }],
  ['lists what is below a folder by name, and no longer what was removed', async (store) => {
    for (const name of ['b', 'a/2', 'a/1']) await store.put(`listed/${name}`, Buffer.from(name), 'text/plain');
    const listed = async (folder: string): Promise<string[]> => {
      const names: string[] = [];
      for await (const name of store.list(folder)) names.push(name);
      return names;
    };
    assert.deepEqual(await listed('listed/'), ['listed/a/1', 'listed/a/2', 'listed/b']);
    assert.deepEqual(await listed('listed/a/'), ['listed/a/1', 'listed/a/2']);
    for (let time = 0; time < 2; time += 1) await store.remove('listed/a/2');
    assert.deepEqual(await listed('listed/'), ['listed/a/1', 'listed/b']);
    assert.deepEqual(await listed('unknown/'), []);
  }],
];
