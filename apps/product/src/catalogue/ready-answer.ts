import type { CachedAnswer } from '@shopfleet/cache';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Sends bytes as they lie in the cache, packed for whoever can unpack them; 304 for whoever has them already. */
export function sendReady(request: FastifyRequest, reply: FastifyReply, answer: CachedAnswer, cdnSeconds: number): void {
  reply.headers({
    etag: answer.etag,
    // Browsers and our own nginx hold it for a second; only a CDN, which can be purged, holds it longer.
    'cache-control': 'public, max-age=1, stale-while-revalidate=1',
    'cdn-cache-control': `public, max-age=${cdnSeconds}`,
    'surrogate-control': `max-age=${cdnSeconds}`,
    'x-accel-expires': '1',
    'x-cache': answer.tier,
    vary: 'accept-encoding',
  });
  if (matches(request.headers['if-none-match'], answer.etag)) {
    reply.code(304).send();
    return;
  }
  reply.header('content-type', 'application/json; charset=utf-8');
  if (acceptsGzip(request.headers['accept-encoding'])) reply.header('content-encoding', 'gzip').send(answer.gzip);
  else reply.send(answer.body);
}

/** Weak comparison, as RFC 9110 wants for If-None-Match: nginx weakens the tag when it unpacks an answer. */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((candidate) => candidate.trim() === '*' || candidate.trim().replace(/^W\//u, '') === etag);
}

function acceptsGzip(acceptEncoding: string | string[] | undefined): boolean {
  return typeof acceptEncoding === 'string' && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:[\s,]|$))/iu.test(acceptEncoding);
}
