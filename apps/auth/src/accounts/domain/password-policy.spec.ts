import { AppError } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { assertStrongEnough } from './password-policy.ts';

const ada = { email: 'ada.byron@example.com', name: 'Ada Byron' };

describe('password policy', () => {
  it.each([
    'password', 'Password1', 'P@ssw0rd2026!', 'qwertyuiop', '12345678', '87654321', 'abcdefgh', 'aaaaaaaa', 'abababab', 'iloveyou', 'Shopfleet1', 'football99', 'ADA.BYRON@example.com',
    'Ada.Byron1', 'ada byron', 'trustno1', 'letmein123',
  ])('refuses %s', (password) => {
    expect(() => assertStrongEnough(password, ada)).toThrow(AppError);
  });

  it.each(['shopfleet-demo', 'wolken treiben leise', 'k7#pQz!mV2', 'x'.repeat(4) + 'correct zebra'.repeat(8), 'пароль из слов', 'Summerhouse-on-the-hill'])('accepts %s', (password) => {
    expect(() => assertStrongEnough(password, ada)).not.toThrow();
  });

  it('says where the error is without repeating the password', () => {
    try {
      assertStrongEnough('Password1', ada);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/password' }] });
      expect(String(error)).not.toContain('Password1');
    }
  });
});
