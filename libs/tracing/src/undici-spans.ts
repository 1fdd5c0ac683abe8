import { subscribe } from 'node:diagnostics_channel';
import { isRecorded, startSpan, type TracedSpan } from './tracing.ts';

interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
  addHeader(name: string, value: string): void;
}

/** Spans of HTTP calls by undici and fetch: to other services and to the payment provider. The context goes along. */
export function traceUndici(): void {
  const spans = new WeakMap<object, TracedSpan>();
  const end = (message: unknown, outcome: Parameters<TracedSpan['end']>[0]): void => {
    const { request } = message as { request: object };
    spans.get(request)?.end(outcome);
    spans.delete(request);
  };
  subscribe('undici:request:create', (message) => {
    if (!isRecorded()) return;
    const { request } = message as { request: UndiciRequest };
    const { host } = new URL(request.origin);
    const span = startSpan(`${request.method} ${host}`, { kind: 'client', attributes: { 'http.request.method': request.method, 'server.address': host, 'url.path': request.path.split('?', 1)[0] ?? '' } });
    if (span === undefined) return;
    spans.set(request, span);
    request.addHeader('traceparent', span.traceparent);
  });
  subscribe('undici:request:headers', (message) => {
    const { statusCode } = (message as { response: { statusCode: number } }).response;
    end(message, { attributes: { 'http.response.status_code': statusCode }, ...(statusCode >= 500 && { error: new Error('5xx') }) });
  });
  subscribe('undici:request:error', (message) => end(message, { error: (message as { error: unknown }).error }));
}
