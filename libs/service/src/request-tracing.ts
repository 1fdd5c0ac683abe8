import type { RequestContext } from '@shopfleet/kernel';
import { isRecorded, startSpan, type TracedSpan } from '@shopfleet/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';

const edgeStart = /^(\d+\.\d+);(\d+\.\d+)$/u;

/**
 * Begins the span of a request and hands the context on below it. nginx makes no spans of its own, but it has begun the
 * trace and says when it had the request: its span is told by the service that it asked.
 */
export function tracedContext(request: FastifyRequest, reply: FastifyReply, context: RequestContext): RequestContext {
  const parent = context.traceparent;
  if (!isRecorded(parent)) return context;
  const { method } = request;
  const route = request.routeOptions.url ?? 'unknown';
  const attributes = { 'http.request.method': method, 'http.route': route, 'shopfleet.request.id': context.requestId };
  const edge = edgeSpan(request, parent, attributes);
  const span = startSpan(`${method} ${route}`, { kind: 'server', attributes, parent });
  if (span === undefined) return context;
  reply.raw.once('close', () => {
    const outcome = { attributes: { 'http.response.status_code': reply.statusCode }, ...(reply.statusCode >= 500 && { error: new Error('5xx') }) };
    span.end(outcome);
    edge?.end(outcome);
  });
  return { ...context, traceparent: span.traceparent };
}

function edgeSpan({ headers, method }: FastifyRequest, parent: string, attributes: Record<string, string>): TracedSpan | undefined {
  const told = headers['x-edge-start'];
  const [, sentAt, taken] = (typeof told === 'string' ? edgeStart.exec(told) : undefined) ?? [];
  const spanId = parent.split('-')[2];
  if (sentAt === undefined || taken === undefined || spanId === undefined) return undefined;
  return startSpan(`nginx ${method}`, { kind: 'server', attributes, parent, edge: { spanId, startedAt: (Number(sentAt) - Number(taken)) * 1_000 } });
}
