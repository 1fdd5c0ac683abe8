import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeStored, encodeStored, storedAnswerOf, type StoredAnswer } from './stored-answer.ts';

const later = Date.now() + 60_000;
const answerOf = (text: string): Promise<StoredAnswer> => storedAnswerOf({ json: { text } }, later, later);

// Node hands out small buffers as pieces of 64 KB, all of which stay for as long as one piece does.
describe.each([['small', 'ä'.repeat(50)], ['of many pages', 'ä'.repeat(30_000)]])('an answer, %s, that is kept', (_size, text) => {
  const heldBy = ({ body, gzip }: StoredAnswer): number[] => [body.buffer.byteLength - body.length, gzip.buffer.byteLength - gzip.length];

  it('holds no more memory than its bytes, made here or come from Redis', async () => {
    const made = await answerOf(text);
    expect(heldBy(made)).toEqual([0, 0]);
    const come = await decodeStored(encodeStored(made, ['1']), ['1']);
    expect(come).toEqual(made);
    expect(heldBy(come as StoredAnswer)).toEqual([0, 0]);
  });
});

// Text that each level packs otherwise.
const words = (count: number): string[] => Array.from({ length: count }, (_, n) => `word-${(n * 7919) % 1_009}-${n % 17}`);

it.each([['small', 500], ['large', 20_000]])('a %s answer is packed at level 6', async (_size, count) => {
  const { body, gzip } = await storedAnswerOf({ json: words(count) }, later, later);
  expect(gzip).toEqual(gzipSync(body, { level: 6 }));
  for (const other of [1, 5, 9]) expect(gzip).not.toEqual(gzipSync(body, { level: other }));
});
