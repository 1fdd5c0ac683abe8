import { describe, expect, it } from 'vitest';
import type { Principal } from './principal.ts';
import { TokenMemo } from './token-memo.ts';

const principal = (userId: string): Principal => ({ userId, sessionId: 'ses_1', roles: [] });

describe('token memo', () => {
  it('forgets a token when it expires', () => {
    const memo = new TokenMemo(10);
    memo.remember('a', principal('usr_a'), 1000);
    expect(memo.find('a', 999)?.userId).toBe('usr_a');
    expect(memo.find('a', 1000)).toBeUndefined();
    expect(memo.size).toBe(0);
  });

  it('gives up the token that was not used for longest', () => {
    const memo = new TokenMemo(2);
    memo.remember('a', principal('usr_a'), 1000);
    memo.remember('b', principal('usr_b'), 1000);
    memo.find('a', 0);
    memo.remember('c', principal('usr_c'), 1000);
    expect(['a', 'b', 'c'].map((token) => memo.find(token, 0)?.userId)).toEqual(['usr_a', undefined, 'usr_c']);
  });
});
