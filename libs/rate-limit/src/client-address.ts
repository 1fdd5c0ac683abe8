import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { AddressRange } from './address-range.ts';

/** Where nginx may stand when nothing else is said: on this machine. */
export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1'];

/**
 * Who really sends a request. nginx writes the client's address over any X-Real-IP that the client sent; the header
 * counts only when the connection comes from such a proxy. X-Forwarded-For never counts: anybody can write into it.
 */
export class ClientAddress {
  readonly #proxies: AddressRange;

  constructor(proxies: readonly string[] = LOOPBACK) {
    this.#proxies = new AddressRange(proxies);
  }

  of(request: Pick<FastifyRequest, 'headers' | 'socket'>): string {
    const peer = request.socket.remoteAddress ?? '';
    const claimed = request.headers['x-real-ip'];
    if (typeof claimed !== 'string' || isIP(claimed) === 0 || !this.#proxies.includes(peer)) return peer;
    return claimed;
  }

  /** The region that nginx found the client's address in; like the address, it is believed only from such a proxy. */
  regionOf(request: Pick<FastifyRequest, 'headers' | 'socket'>): string | undefined {
    const region = request.headers['x-region'];
    return typeof region === 'string' && region !== '' && this.#proxies.includes(request.socket.remoteAddress ?? '') ? region : undefined;
  }
}
