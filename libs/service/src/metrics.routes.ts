import { exposition, histogram } from '@shopfleet/metrics';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const forwarded = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'];

/**
 * Rate, errors and duration of every route, and `/metrics` for Prometheus, which asks each worker on its own port. The
 * figures are for the inside: nginx does not pass the path on, and what came through any proxy is answered 404.
 */
export function metricsRoutes(fastify: FastifyInstance): void {
  const duration = histogram('http_request_duration_seconds', 'Time from the request to the end of its answer, by route', ['method', 'route', 'status']);
  fastify.addHook('onResponse', (request, reply, done) => {
    // The template and never the path: identifiers in labels would make a new series for every order.
    const { url } = request.routeOptions;
    if (url !== '/metrics') duration.observe({ method: methodOf(request), route: url ?? 'unknown', status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    done();
  });
  fastify.get('/metrics', async (request, reply) => {
    if (forwarded.some((name) => request.headers[name] !== undefined)) return reply.callNotFound();
    const { text, contentType } = await exposition();
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
  });
}

const knownMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

// A client may make methods up.
function methodOf({ method }: FastifyRequest): string {
  return knownMethods.has(method) ? method : 'other';
}
