import { connect as connectPlain } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { Agent } from 'undici';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { openLoop, timed } from './open-loop.ts';
import { median, percentile, type Row } from './table.ts';

const slowSockets = 500;
const browsesPerSecond = 200;
const rounds = 5;
const dripsPerSecond = 50;
// nginx lets go of a client that has not sent its headers after ten seconds.
const longestRoundSeconds = 8;

/** Browsing while five hundred connections of one other address send their headers a byte a second. Open loop. */
export async function benchSlowClients(shop: BenchShop, { seconds }: BenchOptions): Promise<Row[]> {
  const dispatcher = new Agent({ connect: { ca: shop.ca }, connections: 64 });
  const browse = (i: number): Promise<number> => timed(dispatcher, `${shop.url}/api/products?page=${1 + (i % 40)}&limit=20`);
  const length = Math.min(seconds, longestRoundSeconds);
  try {
    await openLoop(browsesPerSecond, 3, browse);
    const idle: number[] = [];
    const busy: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      idle.push(percentile(await openLoop(browsesPerSecond, length, browse), 0.99));
      const slow = await openSlowSockets(shop);
      busy.push(percentile(await openLoop(browsesPerSecond, length, browse), 0.99));
      const left = slow.close();
      console.log(`  round ${round + 1}: p99 idle ${idle.at(-1)?.toFixed(1)} ms, beside ${left} slow sockets ${busy.at(-1)?.toFixed(1)} ms`);
      if (left < slowSockets * 0.95) throw new Error(`only ${left} of ${slowSockets} slow sockets were still open at the end`);
    }
    const ratio = median(busy.map((p99, i) => p99 / (idle[i] ?? Number.NaN)));
    return [
      { what: `slow-clients: p99 of ${browsesPerSecond} pages/s, nobody is slow`, measured: `${median(idle).toFixed(1)} ms` },
      { what: `slow-clients: p99 beside ${slowSockets} slow sockets`, measured: `${median(busy).toFixed(1)} ms` },
      { what: 'slow-clients: beside idle (median of pairs)', measured: `${ratio.toFixed(2)} ×`, promised: '≤ 2 ×', ok: ratio <= 2 },
    ];
  } finally {
    await dispatcher.close();
  }
}

/** `close` tells how many of them were still open. */
async function openSlowSockets(shop: BenchShop): Promise<{ close: () => number }> {
  const { hostname, port, host } = new URL(shop.url);
  const open = (): Promise<TLSSocket> =>
    new Promise((resolve, reject) => {
      const socket = connect({ socket: connectPlain({ host: '127.0.0.1', port: Number(port), localAddress: '127.0.0.3' }), servername: hostname, ca: shop.ca, ALPNProtocols: ['http/1.1'] });
      socket.once('secureConnect', () => resolve(socket)).once('error', reject);
    });
  const sockets: TLSSocket[] = [];
  for (let n = 0; n < slowSockets; n += 50) sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, slowSockets - n) }, open))));
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.write(`GET /api/products HTTP/1.1\r\nHost: ${host}\r\nX-Slow:`);
  }
  // Each a byte a second, at a moment of its own: five hundred at once would hold up this process, which measures the others.
  let turn = 0;
  const drip = setInterval(() => {
    for (let n = 0; n < slowSockets / dripsPerSecond; n += 1) {
      const socket = sockets[turn++ % sockets.length];
      if (socket?.writable) socket.write('x');
    }
  }, 1_000 / dripsPerSecond);
  return {
    close: () => {
      clearInterval(drip);
      const left = sockets.filter((socket) => socket.writable && !socket.destroyed).length;
      for (const socket of sockets) socket.destroy();
      return left;
    },
  };
}
