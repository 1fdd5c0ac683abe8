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
