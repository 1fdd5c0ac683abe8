import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LocalError } from './errors.ts';
import { writePrivate } from './servers/files.ts';
import { metricsTargets } from './gateway.ts';
import { dataPath, type Instance } from './instance.ts';
import { installPackages } from './servers/packages.ts';
import { locate } from './servers/locate.ts';

/** Where Prometheus and Alertmanager of an instance listen, on this machine only. */
export const prometheusPorts = ({ ports }: Instance): { readonly prometheus: number; readonly alertmanager: number } => ({ prometheus: ports.gateway + 10, alertmanager: ports.gateway + 11 });

/**
 * Writes Prometheus' configuration for an instance: the rules, every slot of every service as a target (so that scaled
 * workers are found without a change), and Alertmanager, which posts to the notification service.
 */
export function renderPrometheus(instance: Instance, internalToken: string): string {
  const folder = dataPath(instance, 'prometheus');
  const source = path.join(instance.projectDir, 'infra', 'prometheus');
  mkdirSync(path.join(folder, 'rules'), { recursive: true });
  cpSync(path.join(source, 'rules'), path.join(folder, 'rules'), { recursive: true });
  cpSync(path.join(source, 'prometheus.yml'), path.join(folder, 'prometheus.yml'));
  const targets = metricsTargets(instance).map(({ service, host, port, slots }) => ({ labels: { service }, targets: Array.from({ length: slots }, (_, slot) => `${host}:${port + slot}`) }));
  writeFileSync(path.join(folder, 'targets.json'), JSON.stringify(targets, undefined, 1));
  writeFileSync(path.join(folder, 'alertmanagers.json'), JSON.stringify([{ targets: [`127.0.0.1:${prometheusPorts(instance).alertmanager}`] }]));
  writeFileSync(path.join(folder, 'alertmanager.yml'), readFileSync(path.join(source, 'alertmanager.yml'), 'utf8').replace('GATEWAY_INTERNAL', `127.0.0.1:${instance.ports.gatewayInternal}`));
  writePrivate(path.join(folder, 'internal-token'), internalToken);
  return folder;
}

export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly promtool: string;
}

/** Finds the programs, or installs them as the servers are. @throws LocalError saying what to install */
export async function findPrometheus(say: (text: string) => void): Promise<PrometheusPrograms> {
  const look = async (): Promise<Partial<PrometheusPrograms>> => {
    const [prometheus, alertmanager, promtool] = await Promise.all([locate(['prometheus']), locate(['prometheus-alertmanager', 'alertmanager']), locate(['promtool'])]);
    return { ...(prometheus && { prometheus }), ...(alertmanager && { alertmanager }), ...(promtool && { promtool }) };
  };
  const found = await look();
  if (Object.keys(found).length < 3) {
    await installPackages('prometheus', { apt: ['prometheus', 'prometheus-alertmanager'], brew: ['prometheus', 'alertmanager'], units: ['prometheus', 'prometheus-alertmanager'] }, ({ detail }) => say(detail));
  }
  const { prometheus, alertmanager, promtool } = await look();
  if (prometheus === undefined || alertmanager === undefined || promtool === undefined) throw new LocalError('Prometheus was not found: apt-get install prometheus prometheus-alertmanager, or brew install prometheus alertmanager.');
  return { prometheus, alertmanager, promtool };
}
