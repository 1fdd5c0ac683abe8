import { describe, expect, it } from 'vitest';
import { partnerScope, type Principal } from './principal.ts';
import { isRole, mayActAs, roles, type Role } from './roles.ts';

// Written out, not computed: the table of who may do what, row by row.
const expected: Record<Role, Role[]> = {
  'super-admin': ['super-admin', 'admin', 'partner-owner', 'manager', 'employee', 'customer'],
  admin: ['admin', 'partner-owner', 'manager', 'employee', 'customer'],
  manager: ['manager', 'employee', 'customer'],
  employee: ['employee', 'customer'],
  'partner-owner': ['partner-owner', 'customer'],
  customer: ['customer'],
};

const principal = (held: Role[], partnerId?: string): Principal => ({ userId: 'usr_1', sessionId: 'ses_1', roles: held, ...(partnerId !== undefined && { partnerId }) });

describe('roles', () => {
  it.each(roles)('%s may do what the table says and nothing else', (held) => {
    expect(roles.filter((needed) => mayActAs([held], [needed]))).toEqual(expected[held]);
  });

  it('nobody without a role may do anything', () => {
    expect(roles.filter((needed) => mayActAs([], [needed]))).toEqual([]);
  });

  it('one of several roles is enough', () => {
    expect(mayActAs(['customer', 'employee'], ['partner-owner', 'employee'])).toBe(true);
  });

  it('knows its own names only', () => {
    expect(isRole('manager')).toBe(true);
    expect(isRole('__proto__')).toBe(false);
  });
});

describe('partner scope', () => {
  it('confines a partner owner to the own partner and staff to nothing', () => {
    expect(partnerScope(principal(['partner-owner'], 'prt_1'))).toBe('prt_1');
    expect(partnerScope(principal(['manager']))).toBeUndefined();
  });

  it('refuses a partner owner who belongs to no partner', () => {
    expect(() => partnerScope(principal(['partner-owner']))).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });
});
