import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Taking } from './limit-store.ts';
import type { NamedUse } from './rate-limit-policy.ts';

/** How a request's limits stand. */
interface Report {
  readonly uses: readonly NamedUse[];
  readonly taking: Taking;
}

const limits = Symbol('limits');
type LimitedRequest = FastifyRequest & { [limits]?: Report };

/** Notes what the headers of a request's answer shall say. */
export function report(request: LimitedRequest, uses: readonly NamedUse[], taking: Taking): void {
  request[limits] = { uses, taking };
}

/**
 * Writes RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10) when an answer is sent. Not before:
 * only then is it known whether the answer is cacheable, and nginx would replay one client's figures to all.
 */
export function addLimitHeaders(fastify: FastifyInstance): void {
  // Every request then has the property from its beginning, which is cheaper than adding it to some.
  fastify.decorateRequest(limits, undefined);
  fastify.addHook('onSend', (request: LimitedRequest, reply, _payload, done) => {
    const reported = request[limits];
    if (reported !== undefined && !isCacheable(reply)) write(reply, reported);
    done();
  });
}

/** All limits of an allowed request, only the refusing one of a refused request. */
function write(reply: FastifyReply, { uses, taking: { refusedBy, states } }: Report): void {
  let policies = '';
  let standing = '';
  for (let i = 0; i < uses.length; i += 1) {
    const use = uses[i];
    if (use === undefined || (refusedBy !== undefined && refusedBy !== i)) continue;
    const { uses: used = use.limit, resetMs = use.windowMs } = states[i] ?? {};
    const comma = policies === '' ? '' : ', ';
    policies += comma + use.policy;
    standing += `${comma}"${use.name}";r=${Math.max(0, use.limit - used)};t=${Math.max(1, Math.ceil(resetMs / 1_000))}`;
  }
  reply.header('ratelimit-policy', policies);
  reply.header('ratelimit', standing);
}

function isCacheable(reply: FastifyReply): boolean {
  if (reply.hasHeader('x-accel-expires')) return true;
  const cacheControl = reply.getHeader('cache-control');
  return typeof cacheControl === 'string' && /\b(?:public|s-maxage)\b/u.test(cacheControl);
}
