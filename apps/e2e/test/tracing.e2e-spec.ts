import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '../src/shop.ts';
import { address, expectStatus, Shopper, variantsInStock, type Order } from '../src/shopper.ts';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

const spans: SentSpan[] = [];
let collector: Server;

// The shop of the end-to-end tests sends its traces here (infra/local/commands/test.ts).
beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      for (const { resource, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
        const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
        for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, service })));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const endpoint = new URL(process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '');
  await new Promise<void>((resolve) => collector.listen(Number(endpoint.port), endpoint.hostname, resolve));
});
afterAll(() => {
  collector.closeAllConnections();
  collector.close();
});

it("one checkout's trace has every hop, from nginx to the mail", async () => {
  const [variant] = await variantsInStock(1);
  const guest = new Shopper();
  await guest.addToCart(variant?.sku ?? '');
  const traceId = randomBytes(16).toString('hex');
  const order = expectStatus(
    await guest.send<Order>('/api/orders', {
      method: 'POST',
      body: { payment: { token: 'tok_ok' }, shippingAddress: address, email: guest.email },
      headers: { 'idempotency-key': traceId, prefer: 'wait=5', traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-00` },
    }),
    201,
  );
  await guest.mail(new RegExp(order.body.number, 'u'));

  const hops: readonly (readonly [service: string, name: RegExp])[] = [
    ['nginx', /^nginx POST$/u],
    ['order', /^POST \/api\/orders$/u],
    ['order', /^GET 127\.0\.0\.1:/u],
    ['cart', /^GET \/internal\/carts\/current$/u],
    ['cart', /^redis /u],
    ['order', /^mongodb insert orders$/u],
    ['order', /^publish order\.placed\.v1$/u],
    ['product', /^process order\.placed\.v1$/u],
    ['product', /^publish stock\.reserved\.v1$/u],
    ['order', /^process stock\.reserved\.v1$/u],
    ['order', /^POST 127\.0\.0\.1:/u],
    ['order', /^publish order\.paid\.v1$/u],
    ['product', /^process order\.paid\.v1$/u],
    ['cart', /^process order\.paid\.v1$/u],
    ['notification', /^process order\.paid\.v1$/u],
    ['notification', /^job mail send$/u],
    ['notification', /^smtp send$/u],
  ];
  const ofTrace = (): SentSpan[] => spans.filter((span) => span.traceId === traceId);
  let missing: string[] = [];
  await waitFor(
    'every hop in the trace',
    async () => {
      missing = hops.filter(([service, name]) => !ofTrace().some((span) => span.service === service && name.test(span.name))).map(([service, name]) => `${service} ${name.source}`);
      return missing.length === 0 ? true : undefined;
    },
    30,
  ).catch(() => undefined);
  expect(missing).toEqual([]);
  // One tree: each span hangs below another of the trace, but for the root, which is nginx's.
  const ids = new Set(ofTrace().map(({ spanId }) => spanId));
  const roots = ofTrace().filter(({ parentSpanId = '' }) => !ids.has(parentSpanId));
  expect(roots.map(({ name, service }) => `${service}: ${name}`)).toEqual(['nginx: nginx POST']);
});

