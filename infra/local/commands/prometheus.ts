import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Console } from '../console.ts';
import { dataPath, type Instance } from '../instance.ts';
import { findPrometheus, prometheusPorts, renderPrometheus } from '../prometheus.ts';
import { ensureSecrets } from '../secrets.ts';

/** `npm run prometheus`: Prometheus and Alertmanager for the running shop, until it is ended. */
export async function prometheus(instance: Instance, console: Console): Promise<number> {
  const programs = await findPrometheus((text) => console.step('prometheus', text));
  const folder = renderPrometheus(instance, ensureSecrets(dataPath(instance, 'secrets.json')).internalToken);
  const ports = prometheusPorts(instance);
  mkdirSync(path.join(folder, 'data'), { recursive: true });
  const children = [
    run(programs.alertmanager, ['--config.file=alertmanager.yml', '--storage.path=data/alertmanager', `--web.listen-address=127.0.0.1:${ports.alertmanager}`, '--cluster.listen-address='], folder),
    run(programs.prometheus, ['--config.file=prometheus.yml', '--storage.tsdb.path=data', '--storage.tsdb.retention.time=15d', `--web.listen-address=127.0.0.1:${ports.prometheus}`, '--log.level=warn'], folder),
  ];
  const end = (): void => children.forEach((child) => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  console.done('prometheus', `http://localhost:${ports.prometheus}, Alertmanager http://localhost:${ports.alertmanager}; Ctrl-C ends both`);
  // Of two one alone is no use.
  await Promise.race(children.map((child) => once(child, 'exit')));
  end();
  await Promise.all(children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map((child) => once(child, 'exit')));
  return children.some((child) => (child.exitCode ?? 0) !== 0) ? 1 : 0;
}

function run(program: string, args: readonly string[], cwd: string): ChildProcess {
  return spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}
