import type { FastifyRequest } from 'fastify';

/** Where a request comes from, for the audit trail, the list of sessions and the count of failed logins. */
export interface Client {
  readonly ip: string;
  readonly userAgent?: string;
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Believes X-Real-IP only from nginx, which sets it on the same machine; anybody else is who the socket says. */
export function clientOf(request: FastifyRequest): Client {
  const { 'x-real-ip': realIp, 'user-agent': userAgent } = request.headers;
  const peer = request.socket.remoteAddress ?? 'unknown';
  const ip = loopback.has(peer) && typeof realIp === 'string' && realIp !== '' ? realIp : peer;
  return { ip: ip.slice(0, 45), ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 300) }) };
}
