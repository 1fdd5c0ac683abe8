import { newId } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { deriveMailToken, readMailToken } from './mail-token.ts';

const secret = 'a secret of thirty-two characters';

describe('mail token', () => {
  it('leads back to its reference', () => {
    const ref = newId('mal');
    expect(readMailToken(secret, 'verify-email', deriveMailToken(secret, 'verify-email', ref))).toBe(ref);
  });

  it('serves one purpose, one reference and one secret', () => {
    const ref = newId('mal');
    const token = deriveMailToken(secret, 'verify-email', ref);
    expect(readMailToken(secret, 'reset-password', token)).toBeUndefined();
    expect(readMailToken('another secret of 32 characters!!', 'verify-email', token)).toBeUndefined();
    expect(readMailToken(secret, 'verify-email', token.replace(ref, newId('mal')))).toBeUndefined();
  });

  it.each(['', ref(), `${ref()}.`, `${ref()}.short`, 'a'.repeat(200)])('refuses %s', (text) => {
    expect(readMailToken(secret, 'verify-email', text)).toBeUndefined();
  });
});

function ref(): string {
  return 'mal_0192f7c1aaaa7000800000000000000f';
}
