import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { Program, ProgramSpec } from './find.ts';
import { serverFolder, startServer } from './launch.ts';
import { copySettings } from './settings.ts';
import type { RunningServer, ServerPlan } from './types.ts';

export type RedisRole = 'redis-cache' | 'redis-state';

export function redisProgram(role: RedisRole): ProgramSpec {
  return {
    server: role,
    image: { default: 'redis:7', variable: 'SHOPFLEET_REDIS_IMAGE' },
    commands: ['redis-server'],
    packages: { apt: ['redis-server'], brew: ['redis'], units: ['redis-server'] },
  };
}

/** One of the two roles: a cache that may forget, or state that is on disk before it is acknowledged. */
export async function startRedis(role: RedisRole, plan: ServerPlan, program: Program): Promise<RunningServer> {
  const folder = serverFolder(plan.dataDir, role);
  const key = role === 'redis-cache' ? 'redisCache' : 'redisState';
  const port = plan.ports[key];
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true });
  const settings = await copySettings(`redis/${role}.conf`, folder, redisLines({ port, data, everywhere: program.kind === 'docker', databases: plan.redisDatabases ?? 16 }));
  return startServer({
    server: role,
    program,
    imageCommand: 'redis-server',
    args: [settings],
    dataDir: plan.dataDir,
    ports: [{ port }],
    url: redisUrl(port),
    ready: () => probeRedis(redisUrl(port)),
    report: plan.report,
    portVariable: plan.portVariable,
    signal: plan.signal,
  });
}

export function redisUrl(port: number): string {
  return `redis://127.0.0.1:${port}`;
}

/** Settings of one instance. `everywhere`: inside a container, whose port is published on loopback only. */
export function redisLines(options: { port: number; data: string; everywhere: boolean; databases: number }): string[] {
  return [
    `port ${options.port}`,
    options.everywhere ? 'bind 0.0.0.0' : 'bind 127.0.0.1',
    `protected-mode ${options.everywhere ? 'no' : 'yes'}`,
    `dir "${options.data}"`,
    `databases ${options.databases}`,
    'daemonize no',
  ];
}

/** @throws when Redis does not answer PING with PONG; while it still reads its log of writes it does not. */
export async function probeRedis(url: string): Promise<void> {
  const { hostname, port, username, password, protocol } = new URL(url);
  const secret = decodeURIComponent(password);
  const auth = secret === '' ? '' : command(username === '' ? ['AUTH', secret] : ['AUTH', decodeURIComponent(username), secret]);
  await new Promise<void>((resolve, reject) => {
    const options = { host: hostname, port: Number(port || 6379) };
    const socket = protocol === 'rediss:' ? connectTls({ ...options, servername: hostname }) : connect(options);
    let answer = '';
    const finish = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.setTimeout(1500, () => finish(new Error('does not answer PING')));
    socket.on('error', finish);
    socket.on('close', () => finish(new Error('closes the connection')));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('+PONG\r\n')) finish();
      else if (/^-.*\r\n/m.test(answer)) finish(new Error(/^-(.*)\r\n/m.exec(answer)?.[1] ?? answer));
    });
    socket.write(`${auth}${command(['PING'])}`);
  });
}

function command(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
