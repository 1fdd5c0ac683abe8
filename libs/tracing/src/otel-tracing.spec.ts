import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestContext, currentRequest } from '@shopfleet/kernel';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { OtelTracing } from './otel-tracing.ts';
import { installTracing, startSpan, traced } from './tracing.ts';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status?: { readonly code?: number; readonly message?: string };
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const sampled = `00-${traceId}-b7ad6b7169203331-01`;
let received: (SentSpan & { service: string })[] = [];
let tracing: OtelTracing;

// A collector, as far as a test needs one.
const collector = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { resourceSpans } = JSON.parse(body) as { resourceSpans: { resource: { attributes: { key: string; value: { stringValue: string } }[] }; scopeSpans: { spans: SentSpan[] }[] }[] };
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
      received.push(...scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service }))));
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void collector.close());
beforeEach(() => {
  received = [];
  tracing = new OtelTracing({ service: 'order', worker: '1', endpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` });
  installTracing(tracing);
});
afterEach(() => installTracing(undefined));

it('spans hang below each other along the request context and arrive by OTLP', async () => {
  await requestContext.run({ requestId: 'request-1', traceparent: sampled }, () =>
    traced('POST /api/orders', { kind: 'server' }, async () => {
      await traced('mongodb insert orders', { kind: 'client' }, () => Promise.resolve());
      expect(currentRequest()?.requestId).toBe('request-1');
    }),
  );
  await tracing.flush();
  const [child, parent] = received;
  expect(received.map(({ name, service }) => [name, service])).toEqual([['mongodb insert orders', 'order'], ['POST /api/orders', 'order']]);
  expect([parent?.traceId, parent?.parentSpanId, child?.parentSpanId]).toEqual([traceId, 'b7ad6b7169203331', parent?.spanId]);
});

it('the span of the edge has the identifier that nginx gave out, and is the root', async () => {
  startSpan('nginx POST', { kind: 'server', parent: sampled, edge: { spanId: 'b7ad6b7169203331', startedAt: Date.now() - 20 } })?.end();
  await tracing.flush();
  expect(received).toEqual([expect.objectContaining({ service: 'nginx', traceId, spanId: 'b7ad6b7169203331' })]);
  expect(received[0]?.parentSpanId ?? '').toBe('');
});

it('a failure is told by its class and not by its words', async () => {
  await expect(traced('smtp send', { kind: 'client', parent: sampled }, () => Promise.reject(new TypeError('no mailbox ada@example.com')))).rejects.toThrow();
  await tracing.flush();
  expect(received[0]?.status).toEqual({ code: 2, message: 'TypeError' });
  expect(JSON.stringify(received)).not.toContain('ada@');
});

it.each([
  ['what the edge did not choose', `00-${traceId}-b7ad6b7169203331-00`],
  ['no trace context at all', 'nonsense'],
  ['a trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
])('makes no span of %s', async (_what, parent) => {
  expect(startSpan('GET /api/products', { kind: 'server', parent })).toBeUndefined();
  await expect(traced('work', { kind: 'client', parent }, () => Promise.resolve('done'))).resolves.toBe('done');
});

it('makes no span outside of a request, nor when nobody listens', () => {
  expect(startSpan('redis get', { kind: 'client' })).toBeUndefined();
  installTracing(undefined);
  expect(startSpan('redis get', { kind: 'client', parent: sampled })).toBeUndefined();
});
