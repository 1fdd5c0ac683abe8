import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How a request's limit stands, for the headers of its answer. */
export interface LimitReport {
  readonly policy: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

const reports = new WeakMap<FastifyRequest, readonly LimitReport[]>();

/** Notes what the headers of a request's answer shall say. */
export function report(request: FastifyRequest, limits: readonly LimitReport[]): void {
  reports.set(request, limits);
}

/**
 * Writes RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10) when an answer is sent. Not before:
 * only then is it known whether the answer is cacheable, and nginx would replay one client's figures to all.
 */
export function addLimitHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    const limits = reports.get(request);
    if (limits !== undefined && !isCacheable(reply)) {
      void reply
        .header('ratelimit-policy', limits.map(({ policy, limit, windowSeconds }) => `"${policy}";q=${limit};w=${windowSeconds}`).join(', '))
        .header('ratelimit', limits.map(({ policy, remaining, resetSeconds }) => `"${policy}";r=${remaining};t=${resetSeconds}`).join(', '));
    }
    done();
  });
}

function isCacheable(reply: FastifyReply): boolean {
  const cacheControl = reply.getHeader('cache-control');
  return reply.hasHeader('x-accel-expires') || (typeof cacheControl === 'string' && /\b(?:public|s-maxage)\b/u.test(cacheControl));
}
