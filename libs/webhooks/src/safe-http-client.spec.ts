import type { LookupAddress } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isPublicAddress, NetworkPolicy } from './network-policy.ts';
import { RefusedAddressError, SafeHttpClient, type SafeHttpClientOptions } from './safe-http-client.ts';
import { verifyWebhook, WEBHOOK_ID_HEADER, WEBHOOK_SIGNATURE_HEADER } from './signature.ts';
import { WebhookSender } from './webhook-sender.ts';

let server: Server;
let port: number;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const seen: { readonly url: string; readonly headers: Readonly<Record<string, string | string[] | undefined>>; readonly body: Buffer }[] = [];
const clients: SafeHttpClient[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

beforeEach(() => {
  seen.length = 0;
  answer = (_request, response) => response.end('fine');
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function clientOf(options: SafeHttpClientOptions = {}): SafeHttpClient {
  const client = new SafeHttpClient({ allowHttp: true, ...options });
  clients.push(client);
  return client;
}

const resolvingTo = (...answers: readonly (readonly string[])[]): { asked: () => number; resolve: NonNullable<SafeHttpClientOptions['resolve']> } => {
  let asked = 0;
  return {
    asked: () => asked,
    resolve: (_name, callback) => {
      const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      callback(null, addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })));
    },
  };
};

describe('addresses', () => {
  it.each(['10.0.0.1', '172.31.255.255', '192.168.1.1', '127.0.0.1', '127.255.255.254', '0.0.0.0', '169.254.169.254', '100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1',
    '::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2002:a00:1::', '2001:0:a00:1::', '2001:db8::1', 'localhost', ''])(
    '%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['8.8.8.8', '172.32.0.1', '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));

  it('can be allowed by a list, and no more than it says', () => {
    const policy = new NetworkPolicy(['127.0.0.1', '10.1.0.0/16']);
    expect(['127.0.0.1', '10.1.2.3', '127.0.0.2', '10.2.0.1', '::ffff:127.0.0.1', '::ffff:127.0.0.2'].map((address) => policy.allows(address))).toEqual([true, true, false, false, true, false]);
    expect(() => new NetworkPolicy(['everything'])).toThrow('everything');
  });
});

describe('a URL', () => {
  it.each([
    ['decimal', 'http://2130706433/'],
    ['hexadecimal', 'http://0x7f000001/'],
    ['octal', 'http://0177.0.0.1/'],
    ['short', 'http://127.1/'],
    ['full width digits', 'http://１２７.０.０.１/'],
    ['zero', 'http://0/'],
    ['IPv6 loopback', 'http://[::1]/'],
    ['IPv4 in IPv6', 'http://[::ffff:127.0.0.1]/'],
    ['IPv4 in IPv6, hexadecimal', 'http://[::ffff:7f00:1]/'],
    ['NAT64', 'http://[64:ff9b::7f00:1]/'],
    ['link-local, where clouds keep their credentials', 'http://169.254.169.254/latest/meta-data/'],
    ['private', 'https://10.0.0.1/'],
    ['link-local IPv6', 'https://[fe80::1]/'],
    ['this machine by name', 'https://localhost/'],
    ['a name of inside', 'https://metadata.google.internal/'],
    ['a name without a dot', 'https://rabbitmq:15672/'],
    ['a name without a dot, and its root', 'https://rabbitmq./'],
    ['a user name', 'https://hooks.example.com@10.0.0.1/'],
    ['credentials', 'https://user:password@hooks.example.com/'],
    ['a file', 'file:///etc/passwd'],
    ['another protocol', 'gopher://hooks.example.com/'],
    ['no URL', 'hooks.example.com'],
  ])('is refused: %s', async (_title, url) => {
    expect(() => clientOf().check(url)).toThrow(RefusedAddressError);
    await expect(clientOf().request(url, { method: 'GET' })).rejects.toThrow(RefusedAddressError);
  });

  it('may be a name of inside where addresses of inside are allowed', () => {
    expect(clientOf({ allowedAddresses: ['10.1.0.0/16'] }).check('https://hooks.internal/').hostname).toBe('hooks.internal');
  });

  it('is refused over plain http, unless that is allowed', () => {
    expect(() => new SafeHttpClient().check('http://hooks.example.com/')).toThrow('https://');
    expect(new SafeHttpClient().check('https://hooks.example.com/in?a=1').href).toBe('https://hooks.example.com/in?a=1');
  });
});

describe('a name', () => {
  it('that leads to this machine is refused, by the system\'s own resolver', async () => {
    await expect(clientOf({ allowedAddresses: ['10.1.0.0/16'] }).request(`http://localhost:${port}/`, { method: 'GET' })).rejects.toThrow(RefusedAddressError);
    expect(seen).toEqual([]);
  });

  it.each([[['10.0.0.1']], [['169.254.169.254']], [['::1']], [['::ffff:10.0.0.1']], [['8.8.8.8', '10.0.0.1']]])('that leads to %s is refused', async (addresses) => {
    await expect(clientOf(resolvingTo(addresses)).request(`http://hooks.example.com:${port}/`, { method: 'GET' })).rejects.toThrow(RefusedAddressError);
    expect(seen).toEqual([]);
  });

  it('is asked once per connection, and the connection goes to what was looked at', async () => {
    // The second answer would lead elsewhere: whoever asked twice, to look and to connect, would go there.
    const names = resolvingTo(['127.0.0.1'], ['127.0.0.9']);
    const response = await clientOf({ ...names, allowedAddresses: ['127.0.0.1'] }).request(`http://hooks.example.com:${port}/in`, { method: 'POST', body: Buffer.from('x') });
    expect([response.status, response.body.toString(), names.asked()]).toEqual([200, 'fine', 1]);
    expect(seen[0]?.headers.host).toBe(`hooks.example.com:${port}`);
  });

  it('that changes to a private address later is refused then', async () => {
    const client = clientOf({ ...resolvingTo(['127.0.0.1'], ['10.0.0.1']), allowedAddresses: ['127.0.0.1'] });
    await client.request(`http://hooks.example.com:${port}/`, { method: 'GET' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(client.request(`http://hooks.example.com:${port}/`, { method: 'GET' })).rejects.toThrow(RefusedAddressError);
    expect(seen).toHaveLength(1);
  });
});

describe('an answer', () => {
  const local = (options: SafeHttpClientOptions = {}): SafeHttpClient => clientOf({ allowedAddresses: ['127.0.0.1'], ...options });
  const url = (): string => `http://127.0.0.1:${port}/in`;

  it.each([301, 302, 303, 307, 308])('of %i leads nowhere', async (status) => {
    answer = (_request, response) => response.writeHead(status, { location: `http://127.0.0.1:${port}/secret` }).end();
    expect((await local().request(url(), { method: 'GET' })).status).toBe(status);
    expect(seen.map((request) => request.url)).toEqual(['/in']);
  });

  it('that is too long is cut off', async () => {
    answer = (_request, response) => response.end(Buffer.alloc(200_000));
    await expect(local().request(url(), { method: 'GET' })).rejects.toThrow();
  });

  it('that does not come is given up', async () => {
    answer = () => undefined;
    await expect(local({ timeoutMs: 200 }).request(url(), { method: 'GET' })).rejects.toThrow(/timeout|aborted/iu);
  });
});

it('signs what it sends so that the receiver can verify it', async () => {
  const secret = 'whsec_of_the_tests_0001';
  const sender = new WebhookSender(clientOf({ allowedAddresses: ['127.0.0.1'] }));
  const delivery = { url: `http://127.0.0.1:${port}/in`, secrets: [secret], id: 'evt_1', payload: { amount: 1999 } };
  expect(await sender.send(delivery)).toEqual({ delivered: true, status: 200 });
  const { headers = {}, body = Buffer.alloc(0) } = seen[0] ?? {};
  expect(() => verifyWebhook([secret], { id: String(headers[WEBHOOK_ID_HEADER]), signature: String(headers[WEBHOOK_SIGNATURE_HEADER]), body }, Date.now())).not.toThrow();
  answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  expect(await sender.send(delivery)).toEqual({ delivered: false, status: 302 });
});
