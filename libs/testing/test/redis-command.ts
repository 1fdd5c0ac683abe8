import { connect } from 'node:net';

/** One command in a connection of its own to the database of the URL; the raw answer without line ends. */
export async function redisCommand(url: string, words: readonly string[]): Promise<string> {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setTimeout(3000, () => socket.destroy(new Error('Redis does not answer')));
    socket.on('error', reject);
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => {
      // The answers to SELECT and QUIT stand around the one asked for.
      const inner = answer.replace(/^\+OK\r\n/, '').replace(/\+OK\r\n$/, '').trim();
      if (inner === '') reject(new Error('Redis closed the connection'));
      else resolve(inner.replaceAll('\r\n', ' '));
    });
    socket.write(`${encode(['SELECT', pathname.slice(1) || '0'])}${encode(words)}${encode(['QUIT'])}`);
  });
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
