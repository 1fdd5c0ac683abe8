import { expect, it } from 'vitest';
import { keyFrom, open, seal } from './sealing.ts';

const key = Buffer.alloc(32, 1);

it('opens what it has sealed, with a key and without', async () => {
  const bytes = Buffer.from('orders '.repeat(1000));
  for (const with_ of [key, undefined]) {
    const sealed = await seal('sets/a/p1', bytes, with_);
    expect(sealed.length).toBeLessThan(bytes.length / 10);
    expect((await open('sets/a/p1', sealed, with_)).equals(bytes)).toBe(true);
  }
});

it('never seals twice alike, and notices damage without a key as well', async () => {
  const [one, other] = [await seal('a', Buffer.from('x'), key), await seal('a', Buffer.from('x'), key)];
  expect(one.equals(other)).toBe(false);
  const plain = await seal('a', Buffer.from('orders '.repeat(100)), undefined);
  plain[plain.length - 1] = (plain.at(-1) ?? 0) ^ 1;
  await expect(open('a', plain, undefined)).rejects.toThrow('damaged');
  await expect(open('a', Buffer.from('something else'), key)).rejects.toThrow('no part of a backup');
});

it('takes keys of 32 bytes in hex or base64url, and no others', () => {
  expect(keyFrom(key.toString('hex')).equals(key)).toBe(true);
  expect(keyFrom(key.toString('base64url')).equals(key)).toBe(true);
  expect(() => keyFrom('too-short')).toThrow('32 bytes');
});
