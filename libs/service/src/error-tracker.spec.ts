import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestContext } from '@shopfleet/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ErrorTracker, parseDsn } from './error-tracker.ts';
import { createLogger, NestPinoLogger } from './logger.ts';

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly event: { readonly exception: { readonly values: readonly { type: string; value: string; stacktrace: { frames: { in_app: boolean; filename: string }[] } }[] }; readonly tags: unknown; readonly message: string };
}

let received: Received[] = [];
let status = 200;
const tracker = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    received.push({ url: request.url, headers: request.headers, event: JSON.parse(body.split('\n')[2] ?? '') as Received['event'] });
    response.writeHead(status, { 'retry-after': '60' }).end();
  });
});
beforeAll(async () => {
  await new Promise<void>((resolve) => tracker.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void tracker.close());
beforeEach(() => {
  received = [];
  status = 200;
});
const dsn = (): string => `http://public-key@127.0.0.1:${(tracker.address() as AddressInfo).port}/42`;
const open = (): ErrorTracker => new ErrorTracker({ dsn: dsn(), service: 'order', worker: 2, environment: 'test' });
const arrived = (count: number) => vi.waitFor(() => expect(received).toHaveLength(count));

describe('an error that nobody foresaw', () => {
  it('arrives as an envelope with its stack and its request, and without people', async () => {
    requestContext.run({ requestId: 'request-1' }, () => open().report('POST /api/orders: for ada@example.com', new TypeError(`cannot read ada@example.com of ${'x'.repeat(40)}`).stack ?? ''));
    await arrived(1);
    const { url, headers, event } = received[0] as Received;
    expect([url, headers['x-sentry-auth']]).toEqual(['/api/42/envelope/', expect.stringContaining('sentry_key=public-key')]);
    expect(event.exception.values[0]).toMatchObject({ type: 'TypeError', value: 'cannot read [address] of [secret]' });
    expect(event.exception.values[0]?.stacktrace.frames.at(-1)).toMatchObject({ in_app: true, filename: expect.stringContaining('error-tracker.spec.ts') as string });
    expect(event).toMatchObject({ tags: { service: 'order', request_id: 'request-1' }, message: 'POST /api/orders: for [address]' });
  });

  it('is sent once a minute however often it happens', async () => {
    const errors = open();
    const error = new Error('again');
    for (let times = 0; times < 100; times += 1) errors.report('x', error.stack ?? '');
    errors.report('x', new RangeError('another').stack ?? '');
    await arrived(2);
  });

  it('is kept back when the tracker wants silence', async () => {
    status = 429;
    const errors = open();
    errors.report('x', new Error('one').stack ?? '');
    await arrived(1);
    await vi.waitFor(() => {
      errors.report('x', new RangeError('two').stack ?? '');
      expect(received).toHaveLength(1);
    });
  });

  it('is what the logger logs with a stack; what was foreseen is not', async () => {
    const logger = new NestPinoLogger(createLogger('order', 2, 'silent'), open());
    logger.warn('POST /api/orders: 503 away', 'ProblemFilter');
    logger.error('dead letter', 'RabbitMqStrategy');
    logger.error('POST /api/orders: unexpected', new SyntaxError('boom').stack, 'ProblemFilter');
    await arrived(1);
    expect(received[0]?.event.exception.values[0]?.type).toBe('SyntaxError');
  });
});

it.each(['https://errors.example.com/42', 'nonsense', 'ftp://key@host/1'])('%s is no DSN', (text) => {
  expect(() => parseDsn(text)).toThrow('ERROR_DSN');
});
