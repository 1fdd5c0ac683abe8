import { exposition, seriesHistogram, type Series } from '@shopfleet/metrics';
import type { FastifyInstance } from 'fastify';
import type { AnswerObserver } from './answer-observer.ts';

const forwarded = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'];

/**
 * `/metrics` for Prometheus, which asks each worker on its own port. The figures are for the inside: nginx does not pass
 * the path on, and what came through any proxy is answered 404.
 */
export function metricsRoutes(fastify: FastifyInstance): void {
  fastify.get('/metrics', async (request, reply) => {
    if (forwarded.some((name) => request.headers[name] !== undefined)) return reply.callNotFound();
    const { text, contentType } = await exposition();
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text);
  });
}

// A client may make methods up.
const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const numberOf = new Map(knownMethods.map((method, index) => [method, index]));
const other = knownMethods.length;

/** Rate, errors and duration of every route. */
export function routeTimes(): AnswerObserver {
  const times = seriesHistogram('http_request_duration_seconds', 'Time from the request to the end of its answer, by route');
  const byRoute = new Map<string, Map<number, Series>>();
  const seriesOf = (route: string, method: number, status: number): Series => {
    const known = byRoute.get(route) ?? new Map<number, Series>();
    byRoute.set(route, known);
    const key = status * (other + 1) + method;
    const series = known.get(key) ?? times.series({ method: knownMethods[method] ?? 'other', route, status: String(status) });
    known.set(key, series);
    return series;
  };
  return (request, status, ms) => {
    // The template and never the path: identifiers in labels would make a new series for every order.
    const { url = 'unknown' } = request.routeOptions;
    if (url !== '/metrics') seriesOf(url, numberOf.get(request.method) ?? other, status).observe(ms / 1_000);
  };
}
