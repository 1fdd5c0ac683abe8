import type { CachedAnswer } from '@shopfleet/cache';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Sends bytes as they lie in the cache, packed for whoever can unpack them; 304 for whoever has them already. */
export function sendReady(request: FastifyRequest, reply: FastifyReply, answer: CachedAnswer, cdnSeconds: number): void {
  const { status, headers, bytes } = readyAnswer(request, answer, cdnSeconds);
  reply.code(status).headers(headers).send(bytes);
}

/**
 * The same past Fastify's serialisation and its hooks before sending: for answers that nothing is to be added to. They are
 * written when all requests that lie ready have been read. Written one by one, each would wake its reader on another core,
 * which costs more than all else that a hit does (docs/adr/0023-how-far-a-heap-grows.md).
 */
export function sendReadyNow(request: FastifyRequest, reply: FastifyReply, answer: CachedAnswer, cdnSeconds: number): void {
  const { status, headers, bytes } = readyAnswer(request, answer, cdnSeconds);
  reply.hijack();
  setImmediate(() => reply.raw.writeHead(status, bytes ? { ...headers, 'content-length': bytes.length } : headers).end(bytes));
}

function readyAnswer(request: FastifyRequest, answer: CachedAnswer, cdnSeconds: number): { status: number; headers: Record<string, string>; bytes?: Buffer } {
  const headers = {
    etag: answer.etag,
    // Browsers and our own nginx hold it for a second; only a CDN, which can be purged, holds it longer.
    'cache-control': 'public, max-age=1, stale-while-revalidate=1',
    'cdn-cache-control': `public, max-age=${cdnSeconds}`,
    'surrogate-control': `max-age=${cdnSeconds}`,
    'x-accel-expires': '1',
    'x-cache': answer.tier,
    vary: 'accept-encoding',
  };
  if (matches(request.headers['if-none-match'], answer.etag)) return { status: 304, headers };
  const type = 'application/json; charset=utf-8';
  if (!acceptsGzip(request.headers['accept-encoding'])) return { status: 200, headers: { ...headers, 'content-type': type }, bytes: answer.body };
  return { status: 200, headers: { ...headers, 'content-type': type, 'content-encoding': 'gzip' }, bytes: answer.gzip };
}

/** Weak comparison, as RFC 9110 wants for If-None-Match: nginx weakens the tag when it unpacks an answer. */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((candidate) => candidate.trim() === '*' || candidate.trim().replace(/^W\//u, '') === etag);
}

function acceptsGzip(acceptEncoding: string | string[] | undefined): boolean {
  return typeof acceptEncoding === 'string' && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:[\s,]|$))/iu.test(acceptEncoding);
}
