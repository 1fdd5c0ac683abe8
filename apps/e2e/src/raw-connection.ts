import { readFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { shop } from './shop.ts';

const { hostname, port } = new URL(shop.url);
const ca = readFileSync(shop.caFile);

/** An open TLS connection to the gateway that speaks HTTP/1.1, from an address of this machine's own. */
export async function openConnection(localAddress = '127.0.0.1'): Promise<TLSSocket> {
  // Another address of the loopback is another client to the gateway.
  const plain = connectPlain({ host: '127.0.0.1', port: Number(port), localAddress });
  plain.on('error', () => undefined);
  const socket = connect({ socket: plain, servername: hostname, ca, ALPNProtocols: ['http/1.1'] });
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  socket.on('error', () => undefined);
  return socket;
}

/** Everything that comes back until the connection ends. */
export async function readToEnd(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

/** Sends bytes as they are and reads the answers. The text should ask for `Connection: close`. */
export async function sendRaw(text: string, localAddress?: string): Promise<string> {
  const socket = await openConnection(localAddress);
  socket.write(text);
  return readToEnd(socket);
}

export const host = `${hostname}:${port}`;
