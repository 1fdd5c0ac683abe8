import { describe, expect, it } from 'vitest';
import { AddressRange } from './address-range.ts';

describe('AddressRange', () => {
  it('includes the addresses of its ranges and no others', () => {
    const range = new AddressRange(['10.1.0.0/16', '203.0.113.7', '2001:db8::/32']);
    expect(['10.1.2.3', '203.0.113.7', '2001:db8::1'].map((address) => range.includes(address))).toEqual([true, true, true]);
    expect(['10.2.0.1', '203.0.113.8', '2001:db9::1', '', 'nonsense'].map((address) => range.includes(address))).toEqual(Array(5).fill(false));
  });

  it('takes IPv4 in IPv6 notation for IPv4', () => {
    expect(new AddressRange(['127.0.0.0/8']).includes('::ffff:127.0.0.1')).toBe(true);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', 'localhost', '10.0.0.0/', '10.0.0.0/8/8'])('refuses %s, naming it', (text) => {
    expect(() => new AddressRange([text])).toThrow(`"${text}"`);
  });
});
