import { describe, expect, it } from 'vitest';
import { changeProfile, changeRoles, confirmEmail, registerAccount, registerAgain, resetPassword } from './account.ts';

const now = new Date('2026-11-20T10:00:00Z');
const registration = { email: 'ada@example.com', name: 'Ada', locale: 'en', passwordHash: 'hash-1' };

describe('account', () => {
  it('starts as an unverified customer at version 1', () => {
    expect(registerAccount(registration, now)).toMatchObject({ email: 'ada@example.com', emailVerified: false, roles: ['customer'], version: 1, createdAt: now });
  });

  it('takes name and password of the last registration before the address is proved', () => {
    const first = registerAccount(registration, now);
    const again = registerAgain(first, { ...registration, name: 'Ada L.', passwordHash: 'hash-2' });
    expect(again).toMatchObject({ _id: first._id, name: 'Ada L.', passwordHash: 'hash-2', version: 2, emailVerified: false });
    expect(first.name).toBe('Ada');
  });

  it('keeps its version when a verified address is confirmed again', () => {
    const verified = confirmEmail(registerAccount(registration, now));
    expect(verified).toMatchObject({ emailVerified: true, version: 2 });
    expect(confirmEmail(verified)).toBe(verified);
  });

  it('counts a mailed password reset as proof of the address', () => {
    expect(resetPassword(registerAccount(registration, now), 'hash-2')).toMatchObject({ passwordHash: 'hash-2', emailVerified: true, version: 2 });
  });

  it('changes only what the profile change names', () => {
    const account = registerAccount(registration, now);
    expect(changeProfile(account, { locale: 'de-AT', name: undefined })).toMatchObject({ name: 'Ada', locale: 'de-AT', version: 2 });
    expect(changeRoles(account, ['employee']).roles).toEqual(['employee']);
  });
});
