import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '@shopfleet/local';
import { Buyer } from './buyer.ts';
import { type Checks, eventually, type Say } from './checks.ts';
import { docker } from './docker.ts';
import { folder, productionShop, seed, shopAddress, startShop, withImages } from './production-shop.ts';
import { allWell, withStack } from './stack.ts';

const grafanaPort = 18_485;
const alerted = 'operator@example.com';
const project = productionShop({ SHOPFLEET_REPLICAS: '2', GRAFANA_PORT: String(grafanaPort), ALERT_EMAIL: alerted });
/** Two of each service. */
const replicas = 10;
const observers = ['prometheus', 'alertmanager', 'grafana'] as const;

interface Values {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

interface Targets {
  readonly data: { readonly activeTargets: readonly { readonly scrapeUrl: string; readonly health: string; readonly lastError: string }[] };
}

interface Rules {
  readonly data: { readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[] }[] };
}

/** Profile obs: Prometheus sees each replica, Alertmanager has people told, Grafana shows what was measured. */
export async function checkObservability(checks: Checks): Promise<void> {
  await withImages(checks, project, [], async () => {
    const there: string[] = [];
    for (const service of observers) {
      if (await checks.check(`there is an image of ${service}`, () => obtain(service))) there.push(service);
    }
    await withStack(checks, project, 'docker-compose.prod.yml --profile obs', (say) => start(there, say), () => look(checks, there));
  });
}

/** Nothing of ours is built for it; it is here or pulled. */
async function obtain(service: string): Promise<void> {
  const { services } = JSON.parse(await project.compose('--profile', 'obs', 'config', '--format', 'json')) as { services: Record<string, { readonly image: string }> };
  const image = services[service]?.image ?? '';
  await docker(['image', 'inspect', image]).catch(() => docker(['pull', '--quiet', image]));
}

async function start(there: readonly string[], say: Say): Promise<void> {
  await startShop(project, [], say);
  await project.compose('--profile', 'obs', 'up', '-d', '--no-build', '--no-deps', ...there);
  await allWell(project, { say });
}

async function look(checks: Checks, there: readonly string[]): Promise<void> {
  const buyer = new Buyer(shopAddress());
  await checks.check('is given its products', () => seed(project));
  await checks.check('sells', () => buyer.buy());
  await buyer.close();
  if (there.includes('prometheus')) {
    await checks.check(`Prometheus scrapes each of ${replicas} replicas`, (say) => eventually('all are up', () => allScraped(replicas), { say }));
    await checks.check('Prometheus evaluates each rule', (say) => eventually('all are well', rulesAreWell, { say }));
    await checks.check('Prometheus has counted the order', (say) => eventually('its request', orderIsCounted, { say }));
    await checks.check('Prometheus answers what each panel of the dashboards asks', answersPanels);
    await checks.check('Prometheus follows a third replica and its end', follow);
  }
  if (there.includes('grafana')) await checks.check('Grafana shows what Prometheus measured, and has the dashboards', grafanaShows);
  if (there.includes('prometheus') && there.includes('alertmanager')) await checks.check('people are told by mail that a service has no replica left', toldOfNoReplica);
}

/** Asked where it is: nothing of Prometheus is published. */
async function prometheus<T>(address: string): Promise<T> {
  const [container] = await project.containers('prometheus');
  return JSON.parse(await docker(['exec', container?.Id ?? '', 'wget', '-q', '-O', '-', `http://127.0.0.1:9090${address}`])) as T;
}

async function query(expression: string): Promise<number | undefined> {
  const { data } = await prometheus<Values>(`/api/v1/query?query=${encodeURIComponent(expression)}`);
  const value = data.result[0]?.value[1];
  return value === undefined ? undefined : Number(value);
}

async function allScraped(count: number): Promise<true> {
  const { activeTargets } = (await prometheus<Targets>('/api/v1/targets')).data;
  const down = activeTargets.filter(({ health }) => health !== 'up').map(({ scrapeUrl, health, lastError }) => `${scrapeUrl} is ${health} ${lastError}`);
  if (down.length > 0 || activeTargets.length !== count) throw new Error(`${activeTargets.length} targets; ${down.join(', ')}`);
  return true;
}

async function rulesAreWell(): Promise<true> {
  const rules = (await prometheus<Rules>('/api/v1/rules')).data.groups.flatMap((group) => group.rules);
  if (rules.length === 0) throw new Error('no rules');
  const unwell = rules.filter(({ health }) => health !== 'ok').map(({ name, health, lastError }) => `${name} is ${health} ${lastError ?? ''}`);
  if (unwell.length > 0) throw new Error(unwell.join(', '));
  return true;
}

async function orderIsCounted(): Promise<true | undefined> {
  const orders = await query('sum(http_request_duration_seconds_count{service="order",route="/api/orders",method="POST",status=~"20[12]"})');
  return orders !== undefined && orders > 0 ? true : undefined;
}

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

async function answersPanels(say: Say): Promise<void> {
  const panels = globSync(path.join(projectFolder, 'infra', 'grafana', '*.json')).flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as Dashboard).panels);
  if (panels.length === 0) throw new Error('no panels');
  for (const { title, targets } of panels) {
    for (const { expr } of targets) {
      say(title);
      await query(expr).catch((error: unknown) => {
        throw new Error(`${title}: ${expr}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  }
}

async function follow(say: Say): Promise<void> {
  for (const count of [3, 2]) {
    await project.compose('up', '-d', '--no-build', '--no-recreate', '--no-deps', '--scale', `cart=${count}`, 'cart');
    await eventually(`${count} replicas of cart`, () => allScraped(replicas - 2 + count), { say });
  }
}

async function grafanaShows(say: Say): Promise<void> {
  const password = readFileSync(path.join(folder, 'secrets', 'grafana-password'), 'utf8').trim();
  const headers = { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` };
  const ask = async (address: string): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${grafanaPort}${address}`, { headers, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  };
  const { uid } = await eventually('its data source', async () => (await ask('/api/datasources/name/Prometheus')) as { uid: string }, { say });
  const { data } = (await ask(`/api/datasources/proxy/uid/${uid}/api/v1/query?query=${encodeURIComponent('sum(shop:workers:up)')}`)) as Values;
  if (data.result.length !== 1) throw new Error('shop:workers:up has no value');
  const dashboards = (await ask('/api/search?type=dash-db')) as unknown[];
  if (dashboards.length !== 3) throw new Error(`${dashboards.length} dashboards`);
}

async function toldOfNoReplica(say: Say): Promise<void> {
  await project.compose('stop', '--timeout', '20', 'cart');
  await eventually('the mail', async () => {
    say(`workers of cart as Prometheus sees them: ${String(await query('shop:workers:up{service="cart"}'))}`);
    const { items } = (await (await fetch(`${shopAddress().mailbox}/api/messages?to=${alerted}`, { signal: AbortSignal.timeout(5000) })).json()) as { items: readonly { readonly subject: string }[] };
    return items.some(({ subject }) => subject.includes('ServiceDown')) ? true : undefined;
  }, { patienceMs: 240_000 });
}
