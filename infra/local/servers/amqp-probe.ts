import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Methods of AMQP 0-9-1 that a login takes, as class and number. */
const method = { start: '10.10', tune: '10.30', openOk: '10.41', close: '10.50' } as const;

/**
 * Logs in to RabbitMQ and opens the virtual host: what a client does first. Written out here because this folder also
 * runs before any package of the project is built.
 * @throws when nobody answers within 3 s, or the account or virtual host is refused.
 */
export async function probeAmqp(url: string): Promise<void> {
  const { hostname, port, username, password, protocol, pathname } = new URL(url);
  const account = `\0${decodeURIComponent(username || 'guest')}\0${decodeURIComponent(password || 'guest')}`;
  const virtualHost = pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : '/';
  const secure = protocol === 'amqps:';
  const address = { host: hostname, port: Number(port || (secure ? 5671 : 5672)) };
  const socket = secure ? connectTls({ ...address, servername: hostname }) : connect(address);
  await new Promise<void>((resolve, reject) => {
    const finish = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.setTimeout(3000, () => finish(new Error('does not answer AMQP')));
    socket.on('error', finish);
    socket.on('close', () => finish(new Error('closes the connection during the login')));
    socket.once('connect', () => socket.write('AMQP\0\0\x09\x01', 'latin1'));
    readMethods(socket, (name, body) => {
      if (name === method.start) socket.write(frame(10, 11, Buffer.concat([clientProperties(), shortText('PLAIN'), longText(account), shortText('en_US')])));
      else if (name === method.tune) {
        socket.write(frame(10, 31, body.subarray(0, 8)));
        socket.write(frame(10, 40, Buffer.concat([shortText(virtualHost), shortText(''), Buffer.of(0)])));
      } else if (name === method.openOk) {
        // A proper goodbye keeps a warning out of RabbitMQ's log.
        socket.removeAllListeners('close');
        socket.end(frame(10, 50, Buffer.concat([Buffer.of(0, 200), shortText(''), Buffer.alloc(4)])), () => finish());
      } else if (name === method.close) finish(new Error(`refuses: ${body.subarray(3, 3 + (body[2] ?? 0)).toString()}`));
    });
  });
}

function readMethods(socket: Socket, onMethod: (name: string, body: Buffer) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    // A frame: type, channel, size, payload, end mark.
    while (pending.length >= 7 && pending.length >= 8 + pending.readUInt32BE(3)) {
      const size = pending.readUInt32BE(3);
      const payload = pending.subarray(7, 7 + size);
      if (pending[0] === 1) onMethod(`${payload.readUInt16BE(0)}.${payload.readUInt16BE(2)}`, payload.subarray(4));
      pending = pending.subarray(8 + size);
    }
  });
}

function frame(classId: number, methodId: number, body: Buffer): Buffer {
  const head = Buffer.alloc(11);
  head[0] = 1;
  head.writeUInt32BE(body.length + 4, 3);
  head.writeUInt16BE(classId, 7);
  head.writeUInt16BE(methodId, 9);
  return Buffer.concat([head, body, Buffer.of(0xce)]);
}

/** Asks RabbitMQ to say so when it refuses an account, in place of closing in silence some seconds later. */
function clientProperties(): Buffer {
  const field = (name: string, type: string, value: Buffer): Buffer => Buffer.concat([shortText(name), Buffer.from(type), value]);
  const table = (content: Buffer): Buffer => Buffer.concat([size(content.length), content]);
  return table(field('capabilities', 'F', table(field('authentication_failure_close', 't', Buffer.of(1)))));
}

function size(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]);
}

function longText(text: string): Buffer {
  return Buffer.concat([size(Buffer.byteLength(text)), Buffer.from(text)]);
}
