import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { poolSizes } from '@shopfleet/local';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { state, workersOf } from '../src/operator.ts';
import { call, operate, shop } from '../src/shop.ts';
import { expectStatus, Shopper } from '../src/shopper.ts';

const clusters = ['product-service', 'cart-service', 'auth-service', 'order-service', 'notification-service'];
const inShop = (pattern: string): string[] => globSync(path.join(shop.folder, pattern));

/** Names of the metrics that the running workers really have. */
async function namesOfMetrics(): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const { port } of (await Promise.all(clusters.map(workersOf))).flat()) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gmu)) for (const ending of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) names.add(`${name}${ending}`);
  }
  return names;
}

/** Metrics that an expression of Prometheus asks for. */
function metricsIn(expression: string): string[] {
  const words = expression.replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"|\b(?:by|without|on|ignoring)\s*\([^)]*\)/gu, ' ').match(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/gu) ?? [];
  const operators = new Set(['and', 'or', 'unless', 'bool', 'offset', 'sum', 'avg', 'max', 'min', 'rate', 'topk', 'histogram_quantile']);
  return words.filter((word) => !operators.has(word));
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly record?: string; readonly alert?: string; readonly expr: string; readonly annotations?: { readonly runbook?: string } }[] }[];
}

describe('what dashboards and rules ask for', () => {
  const rules = inShop('infra/prometheus/rules/*.yml').flatMap((file) => (parse(readFileSync(file, 'utf8')) as RuleFile).groups.flatMap((group) => group.rules));
  const recorded = new Set(rules.flatMap(({ record }) => (record === undefined ? [] : [record])));
  const dashboards = inShop('infra/grafana/*.json').map((file) => JSON.parse(readFileSync(file, 'utf8')) as { panels: { targets: { expr: string }[] }[] });

  it('exists in the running workers, or is recorded by a rule', async () => {
    const known = await namesOfMetrics();
    const expressions = [...rules.map(({ expr }) => expr), ...dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)))];
    const asked = new Set(expressions.flatMap(metricsIn));
    expect(asked.size).toBeGreaterThan(25);
    expect([...asked].filter((name) => name !== 'up' && !known.has(name) && !recorded.has(name))).toEqual([]);
  });

  it('every alert leads to a runbook that is there', () => {
    const runbooks = rules.filter(({ alert }) => alert !== undefined).map(({ annotations }) => annotations?.runbook ?? 'none');
    expect(runbooks.filter((file) => inShop(file).length === 0)).toEqual([]);
  });
});

it.each([
  ['product', 50, 10],
  ['order', 30, 5],
  ['auth', 20, 5],
  ['notification', 10, 2],
])('each worker of %s has a pool of %d connections at most, and of %d at least', async (service, most, least) => {
  const workers = await workersOf(`${service}-service`);
  expect(workers.length).toBeGreaterThan(0);
  for (const { port } of workers) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const figure = (state_: string): number => Number(new RegExp(`^shop_mongo_pool_connections\\{.*state="${state_}".*\\} (\\d+)$`, 'mu').exec(text)?.[1]);
    // The start counts with the same.
    expect([figure('max'), figure('min'), poolSizes[`${service}-service`]]).toEqual([most, least, most]);
  }
});

it('figures are for the inside: the gateway gives none', async () => {
  expect((await call('/metrics')).status).toBe(404);
  expect((await call('/internal/order/metrics')).status).toBe(404);
});

it('a super admin sees the health of the shop with its reasons, and nobody else does', async () => {
  const chief = new Shopper();
  await chief.login('shopfleet-demo', 'superadmin@example.com');
  const health = expectStatus(await chief.get<{ score: number; services: { service: string; workers: number }[] }>('/ops/health'), 200).body;
  expect(health.score).toBeGreaterThan(50);
  const running = (await state()).workers;
  for (const { service, workers } of health.services) expect(workers, service).toBe(running.filter(({ app }) => app === `${service}-service`).length);
  expect((await call('/ops/health')).status).toBe(401);
});

it('npm run logs follows one request through the gateway and the services it reached', async () => {
  const guest = new Shopper();
  const answer = await guest.post('/api/cart/items', { sku: 'NO-SUCH-SKU', quantity: 1 });
  const requestId = String(answer.headers['x-request-id']);
  const told = await eventuallyTold(requestId, /^\S+ \S+ nginx .*POST \/api\/cart\/items/mu);
  expect(told).toMatch(/cart\/\d/u);
  expect(await operate('npm', 'run', '-s', 'top', '--', '--once', '--every', '1')).toMatch(/^health \d+ of 100/u);
});

// nginx writes its log once a second.
async function eventuallyTold(requestId: string, line: RegExp): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const told = await operate('npm', 'run', '-s', 'logs', '--', '--request', requestId).catch(() => '');
    if (line.test(told) && /cart\/\d/u.test(told)) return told;
    if (attempt > 20) throw new Error(`the log does not tell of ${requestId}: ${told}`);
  }
}
