import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { childrenDir, noteChild } from '../children.ts';
import type { Console } from '../console.ts';
import { inspect } from '../inspect.ts';
import { dataPath, type Instance } from '../instance.ts';
import { isOk, until } from '../probe.ts';
import { findPrometheus, prometheusPorts, renderPrometheus } from '../prometheus.ts';
import { ensureSecrets } from '../secrets.ts';
import { requireFreePort } from '../servers/index.ts';

const readyTimeoutMs = 60_000;

/** `npm run prometheus`: Prometheus and Alertmanager for the running shop, until they are ended, by Ctrl-C or `npm stop`. */
export async function prometheus(instance: Instance, console: Console): Promise<number> {
  const ports = prometheusPorts(instance);
  for (const [name, port] of Object.entries(ports)) await requireFreePort(name, port);
  const programs = await findPrometheus((text) => console.step('prometheus', text));
  const folder = renderPrometheus(instance, ensureSecrets(dataPath(instance, 'secrets.json')).internalToken);
  mkdirSync(path.join(folder, 'data'), { recursive: true });
  const children = [
    run(programs.alertmanager, ['--config.file=alertmanager.yml', '--storage.path=data/alertmanager', `--web.listen-address=127.0.0.1:${ports.alertmanager}`, '--cluster.listen-address=', '--log.level=warn'], folder),
    run(programs.prometheus, ['--config.file=prometheus.yml', '--storage.tsdb.path=data', '--storage.tsdb.retention.time=15d', `--web.listen-address=127.0.0.1:${ports.prometheus}`, '--log.level=warn'], folder),
  ];
  const ended = children.map((child) => once(child, 'exit'));
  const forget = await Promise.all(children.map(({ pid }) => noteChild(childrenDir(instance), pid)));
  const stopping = new AbortController();
  const end = (): void => {
    stopping.abort();
    for (const child of children) child.kill('SIGTERM');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  // Of two one alone is no use.
  void Promise.race(ended).then(end);
  // Rejects only when it is ended meanwhile.
  const complaint = await until(() => complaintOf(Object.values(ports)), readyTimeoutMs, stopping.signal).catch(() => undefined);
  if (complaint !== undefined) console.warn(`Prometheus or Alertmanager takes long to be ready (${complaint}); what they write stands above`);
  else if (!stopping.signal.aborted) {
    if ((await inspect(instance)).down) console.warn('The shop does not run; its workers are found as soon as they do');
    console.done('prometheus', `http://localhost:${ports.prometheus}, Alertmanager http://localhost:${ports.alertmanager}; Ctrl-C or npm stop ends both`);
  }
  await Promise.all(ended);
  for (const forgetOne of forget) forgetOne();
  return children.some(({ exitCode }) => (exitCode ?? 0) !== 0) ? 1 : 0;
}

async function complaintOf(ports: readonly number[]): Promise<string | undefined> {
  for (const port of ports) {
    const { ok, reason } = await isOk(`http://127.0.0.1:${port}/-/ready`);
    if (!ok) return reason;
  }
  return undefined;
}

function run(program: string, args: readonly string[], cwd: string): ChildProcess {
  return spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}
