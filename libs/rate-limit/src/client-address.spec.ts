import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { ClientAddress } from './client-address.ts';

function request(peer: string, headers: Record<string, string> = {}): Pick<FastifyRequest, 'headers' | 'socket'> {
  return { headers, socket: { remoteAddress: peer } as FastifyRequest['socket'] };
}

describe('ClientAddress', () => {
  const addresses = new ClientAddress();

  it('believes nginx on this machine', () => {
    expect(addresses.of(request('127.0.0.1', { 'x-real-ip': '203.0.113.7' }))).toBe('203.0.113.7');
    expect(addresses.of(request('::ffff:127.0.0.1', { 'x-real-ip': '2001:db8::7' }))).toBe('2001:db8::7');
  });

  it('believes nobody else', () => {
    expect(addresses.of(request('198.51.100.9', { 'x-real-ip': '203.0.113.7' }))).toBe('198.51.100.9');
  });

  it('never reads X-Forwarded-For', () => {
    expect(addresses.of(request('127.0.0.1', { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.8' }))).toBe('127.0.0.1');
  });

  it('does not take a text for an address', () => {
    expect(addresses.of(request('127.0.0.1', { 'x-real-ip': 'a, b' }))).toBe('127.0.0.1');
  });

  it('believes the proxies it was told of', () => {
    expect(new ClientAddress(['10.0.0.0/8']).of(request('10.0.0.3', { 'x-real-ip': '203.0.113.7' }))).toBe('203.0.113.7');
  });
});
