import { mkdtempSync, readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectPlain, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewaySettings, startGateway, stopGateway } from '../gateway.ts';
import { resolveInstance, type Instance } from '../instance.ts';
import { findNginx } from '../servers/index.ts';
import { ensureCertificates } from '../tls.ts';

// A gateway with nothing behind it: what it answers here is its own.
const instance: Instance = { ...resolveInstance({ SHOPFLEET_INSTANCE: 'problems', SHOPFLEET_PORT_OFFSET: '9200' }), dataDir: mkdtempSync(path.join(tmpdir(), 'problems-')) };
const { gateway: port } = instance.ports;
const settings = gatewaySettings(instance, path.join(instance.dataDir, 'tls'), {});
let ca: string;

beforeAll(async () => {
  const { caFile } = await ensureCertificates(settings.tlsDir);
  ca = readFileSync(caFile, 'utf8');
  const program = await findNginx(() => undefined, { ...process.env, SHOPFLEET_SERVERS: 'binary' });
  if (program.kind !== 'binary') throw new Error('these tests need nginx as a program');
  await startGateway(program.path, settings);
});
afterAll(() => stopGateway(settings.runDir));

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends the bytes as they are; the gateway ends the connection after its answer. */
async function exchange(text: string, plain = false): Promise<Answer> {
  const socket: Socket = plain ? connectPlain(port, '127.0.0.1') : connect({ host: '127.0.0.1', port, servername: 'localhost', ca, ALPNProtocols: ['http/1.1'] });
  const chunks: Buffer[] = [];
  socket.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  const [head = '', body = ''] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n', 2);
  const [line = '', ...fields] = head.split('\r\n');
  return { status: Number(line.split(' ')[1]), headers: new Map(fields.map((field) => [field.split(':', 1)[0]?.toLowerCase() ?? '', field.slice(field.indexOf(':') + 1).trim()])), body };
}

const head = `Host: localhost:${port}\r\nConnection: close\r\n`;
const long = 'x'.repeat(9_000);

describe('a request that nginx refuses', () => {
  it.each([
    ['an address of 9 kB', `GET /api/products?q=${long} HTTP/1.1\r\n${head}\r\n`, 414, 'validation-failed', '/'],
    ['an address of 40 kB', `GET /api/products?q=${long.repeat(4)} HTTP/1.1\r\n${head}\r\n`, 414, 'validation-failed', '/'],
    ['a header of 9 kB', `GET /api/cart?a=b HTTP/1.1\r\n${head}X-Filler: ${long}\r\n\r\n`, 431, 'validation-failed', '/api/cart'],
    ['five headers of 8 kB', `GET /api/cart HTTP/1.1\r\n${head}${`X-Filler: ${long.slice(1_000)}\r\n`.repeat(5)}\r\n`, 431, 'validation-failed', '/api/cart'],
    ['bytes that are no request', '\0\u0001\u0002 nothing\r\n\r\n', 400, 'validation-failed', '/'],
    ['no host', 'GET /api/cart HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'validation-failed', '/api/cart'],
    ['two hosts', `GET / HTTP/1.1\r\n${head}Host: evil.example\r\n\r\n`, 400, 'validation-failed', '/'],
    ['an address above the root', `GET /../../etc/passwd HTTP/1.1\r\n${head}\r\n`, 400, 'validation-failed', '/'],
    ['a version that is not known', `GET / HTTP/9.9\r\n${head}\r\n`, 505, 'validation-failed', '/'],
    ['a coding that is not known', `POST /api/cart HTTP/1.1\r\n${head}Transfer-Encoding: x\r\n\r\n`, 501, 'validation-failed', '/api/cart'],
    ['a length that is none', `POST /api/cart HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n`, 400, 'validation-failed', '/api/cart'],
    ['a body of 2 GB', `POST /api/cart HTTP/1.1\r\n${head}Content-Length: 2000000000\r\n\r\n`, 413, 'too-large', '/api/cart'],
    ['a method that nobody knows', `FETCH /api/cart HTTP/1.1\r\n${head}\r\n`, 405, 'method-not-allowed', '/api/cart'],
    ['a method that only tells', `TRACE /api/cart HTTP/1.1\r\n${head}\r\n`, 405, 'method-not-allowed', '/api/cart'],
    ['a write on a page', `POST / HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`, 405, 'method-not-allowed', '/'],
    ['a range outside', `GET /index.html HTTP/1.1\r\n${head}Range: bytes=9999999-\r\n\r\n`, 416, 'validation-failed', '/index.html'],
    ['a condition that does not hold', `GET /index.html HTTP/1.1\r\n${head}If-Match: "x"\r\n\r\n`, 412, 'precondition-failed', '/index.html'],
  ])('is a problem: %s', async (_what, text, status, code, instancePath) => {
    const answer = await exchange(text);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    const problem = JSON.parse(answer.body) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, code, instance: instancePath, requestId: answer.headers.get('x-request-id') });
    expect([answer.headers.get('cache-control'), answer.headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff']);
    // nginx's own refusals end in a person's sentence, whatever the status.
    expect(problem['detail']).toMatch(/\.$/u);
  });

  it('is a problem over plain http on the TLS port too, where it cannot be redirected', async () => {
    for (const [text, status] of [[`GET /?q=${long} HTTP/1.1\r\n${head}\r\n`, 414], [`GET / HTTP/1.1\r\n${head}X : y\r\n\r\n`, 400]] as const) {
      const answer = await exchange(text, true);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    }
  });

  it.each([
    '/internal/x/..%2f..%2fapi/cart', '/api/products/%2e%2e/%2e%2e/internal/x', '//api//cart', '/api/cart/../orders', '/api/cart/.', '/api/cart%5c..%5corders', '/images/..%2forigins',
  ])('has an address of two readings: %s', async (address) => {
    const answer = await exchange(`GET ${address} HTTP/1.1\r\n${head}\r\n`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  });

  it('ends in a slash, and is told the address without', async () => {
    for (const [address, location] of [
      ['/api/cart/', '/api/cart'], ['/api/products/?q=a/&page=2', '/api/products?q=a/&page=2'], ['/api/cart%0d%0aset-cookie:a=b/', '/api/cart%0d%0aset-cookie:a=b'],
    ]) {
      const { status, headers } = await exchange(`POST ${address} HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`);
      expect([status, headers.get('location'), headers.get('set-cookie')]).toEqual([308, location, undefined]);
    }
  });

  it('says which methods there are', async () => {
    expect((await exchange(`DELETE /index.html HTTP/1.1\r\n${head}\r\n`)).headers.get('allow')).toBe('GET, HEAD');
    expect((await exchange(`FETCH /api/cart HTTP/1.1\r\n${head}\r\n`)).headers.get('allow')).toMatch(/\bPATCH\b/u);
    expect((await exchange(`GET /nowhere HTTP/1.1\r\n${head}\r\n`)).headers.get('allow')).toBeUndefined();
  });

  it('is a problem over HTTP/2 where nginx reads as far as that', async () => {
    const session = connectHttp2(`https://localhost:${port}`, { ca });
    try {
      for (const [path_, method, status] of [['/nowhere', 'GET', 404], ['/', 'DELETE', 405], ['/api/cart', 'FETCH', 405], ['/../x', 'GET', 400]] as const) {
        const stream = session.request({ ':path': path_, ':method': method });
        const answered = new Promise<Record<string, unknown>>((resolve, reject) => stream.once('response', resolve).once('error', reject));
        stream.end();
        const headers = await answered;
        expect([path_, headers[':status'], headers['content-type']]).toEqual([path_, status, 'application/problem+json']);
        stream.close();
      }
    } finally {
      session.destroy();
    }
  });
});
