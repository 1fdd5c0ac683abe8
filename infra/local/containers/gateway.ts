// The gateway's container: renders nginx's configuration, runs nginx, and has it take over every change of the replicas.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { operatorSettings } from '../nginx/operator-settings.ts';
import { renderGateway, writeUpstreams } from '../nginx/render.ts';
import type { GatewaySettings, LocalLink, ReplicaUpstream } from '../nginx/settings.ts';
import { gatewayServices } from '../nginx/services.ts';
import { hostOf, replicasOf } from './replicas.ts';

const lookEveryMs = 1000;
const servicePort = 3000;
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

const runDir = process.env['GATEWAY_RUN_DIR'] ?? '/run/shopfleet';
const publicUrl = new URL(process.env['PUBLIC_URL'] ?? 'https://localhost:8080');
const log = (text: string): void => void process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), service: 'gateway', msg: text })}\n`);

const settings = (upstreams: readonly ReplicaUpstream[]): GatewaySettings => ({
  ...operatorSettings(process.env, process.env['NODE_ENV'] === 'production'),
  templateDir: fileURLToPath(new URL('../../../nginx', import.meta.url)),
  runDir,
  logDir: path.join(runDir, 'logs'),
  tlsDir: process.env['TLS_DIR'] ?? '/run/secrets',
  plainHttp: process.env['GATEWAY_TLS'] === 'off',
  images: process.env['IMAGES_ORIGIN'] ? { origin: process.env['IMAGES_ORIGIN'] } : { folder: '/var/lib/shopfleet/images/public' },
  gatewayPort: 8080,
  internalPort: 8081,
  publicPort: Number(publicUrl.port || 443),
  listen: 'all',
  callers: privateRanges,
  ipv6: false,
  user: undefined,
  workers: Math.min(availableParallelism(), Number(process.env['GATEWAY_WORKERS'] || 4)),
  openFiles: 16_384,
  cacheSize: '256m',
  upstreams,
  localLinks: JSON.parse(process.env['LOCAL_LINKS'] || '[]') as LocalLink[],
});

async function look(before: readonly ReplicaUpstream[]): Promise<ReplicaUpstream[]> {
  return Promise.all(gatewayServices.map(async (name) => ({
    name,
    replicas: (await replicasOf(hostOf(name, process.env), servicePort)) ?? before.find((upstream) => upstream.name === name)?.replicas ?? [],
  })));
}

const told = (upstreams: readonly ReplicaUpstream[]): string => upstreams.map(({ name, replicas }) => `${name} ${replicas.length}`).join(', ');

let upstreams = await look([]);
// Of a container that was killed.
rmSync(path.join(runDir, 'nginx.pid'), { force: true });
// What nginx writes down goes where the container's log is.
rmSync(path.join(runDir, 'logs'), { recursive: true, force: true });
mkdirSync(path.join(runDir, 'logs'), { recursive: true });
symlinkSync('/dev/stdout', path.join(runDir, 'logs', 'access.log'));
symlinkSync('/dev/stderr', path.join(runDir, 'logs', 'error.log'));
const configuration = renderGateway(settings(upstreams));
const nginx = spawn('nginx', ['-p', runDir, '-c', configuration, '-e', '/dev/stderr', '-g', 'daemon off;'], { stdio: ['ignore', 'inherit', 'inherit'] });
const ended = once(nginx, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
// What is in flight is answered first.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(signal, () => nginx.kill('SIGQUIT'));
void ended.then(([code]) => process.exit(code ?? 1));
log(`nginx started; replicas: ${told(upstreams)}`);

for (;;) {
  await delay(lookEveryMs);
  const now = await look(upstreams);
  if (JSON.stringify(now) === JSON.stringify(upstreams)) continue;
  upstreams = now;
  writeUpstreams(runDir, upstreams);
  nginx.kill('SIGHUP');
  log(`nginx reloaded; replicas: ${told(upstreams)}`);
}
