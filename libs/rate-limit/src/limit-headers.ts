import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How a request's limit stands, for the headers of its answer. */
export interface LimitReport {
  readonly policy: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

const reports = new WeakMap<FastifyRequest, LimitReport>();

/** Notes what the headers of a request's answer shall say. */
export function report(request: FastifyRequest, limit: LimitReport): void {
  reports.set(request, limit);
}

/**
 * Writes RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10) when an answer is sent. Not before:
 * only then is it known whether the answer is cacheable, and nginx would replay one client's figures to all.
 */
export function addLimitHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    const limit = reports.get(request);
    if (limit !== undefined && !isCacheable(reply)) {
      void reply
        .header('ratelimit-policy', `"${limit.policy}";q=${limit.limit};w=${limit.windowSeconds}`)
        .header('ratelimit', `"${limit.policy}";r=${limit.remaining};t=${limit.resetSeconds}`);
    }
    done();
  });
}

function isCacheable(reply: FastifyReply): boolean {
  const cacheControl = reply.getHeader('cache-control');
  return reply.hasHeader('x-accel-expires') || (typeof cacheControl === 'string' && /\b(?:public|s-maxage)\b/u.test(cacheControl));
}
