import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { firstPurchase, projectFolder, resolveInstance } from '@shopfleet/local';
import { Buyer } from './buyer.ts';
import { type Checks, eventually, type Say } from './checks.ts';
import { ComposeProject } from './docker.ts';
import { allWell, killAndBuy, withStack } from './stack.ts';

const run = promisify(execFile);
/** A copy of the project to be changed: what is compiled already goes with it, packages do not. */
const copy = path.join(projectFolder, '.shopfleet', 'test-compose-tree');
const left = new Set(['.git', '.shopfleet', '.nx', 'node_modules', 'coverage']);
const ports = { gateway: 18_482, mailbox: 18_483, rabbitmq: 18_484 };

const project = new ComposeProject('shopfleet-test-dev', {
  cwd: copy,
  files: ['docker-compose.yml'],
  env: {
    SHOPFLEET_VERSION: 'test',
    SHOPFLEET_SEED: 'tiny',
    GATEWAY_PORT: String(ports.gateway),
    MAILBOX_PORT: String(ports.mailbox),
    RABBITMQ_PORT: String(ports.rabbitmq),
    PUBLIC_URL: `https://localhost:${ports.gateway}`,
    LOADTEST_CIDR: '0.0.0.0/0',
  },
});

/** docker-compose.yml: a purchase as the README has it, a change of the sources, and containers killed. */
export async function checkDevelopment(checks: Checks): Promise<void> {
  try {
    copyProject();
    await withStack(checks, project, 'docker-compose.yml', start, () => look(checks));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function copyProject(): void {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of readdirSync(projectFolder)) {
    if (!left.has(name) && !name.startsWith('.env')) cpSync(path.join(projectFolder, name), path.join(copy, name), { recursive: true, preserveTimestamps: true });
  }
}

async function start(say: Say): Promise<void> {
  await project.compose('up', '-d');
  await allWell(project, { patienceMs: 300_000, say });
}

async function look(checks: Checks): Promise<void> {
  const data = path.join(copy, '.shopfleet', 'compose');
  const shop = { url: `https://localhost:${ports.gateway}`, ca: readFileSync(path.join(data, 'tls', 'ca.pem'), 'utf8'), mailbox: `http://127.0.0.1:${ports.mailbox}` };
  await checks.check('the purchase of the README can be pasted', () => paste(data));
  const buyer = new Buyer(shop);
  await checks.check('a changed source is compiled and runs', () => change(buyer));
  await buyer.close();
  await checks.check('the management page of RabbitMQ answers', async () => {
    const { status } = await fetch(`http://127.0.0.1:${ports.rabbitmq}/`, { signal: AbortSignal.timeout(10_000) });
    if (status !== 200) throw new Error(String(status));
  });
  await killAndBuy(checks, project, shop);
  await checks.check('all containers are well in the end', (say) => allWell(project, { say }));
}

async function paste(data: string): Promise<void> {
  const instance = resolveInstance({});
  const script = firstPurchase({ ...instance, projectDir: copy, dataDir: data, ports: { ...instance.ports, gateway: ports.gateway, mailbox: ports.mailbox } });
  const { stdout } = await run('sh', ['-c', script], { cwd: copy, timeout: 120_000 });
  if (!/"status":"paid"/u.test(stdout)) throw new Error(stdout.slice(-600));
}

async function change(buyer: Buyer): Promise<void> {
  const file = path.join(copy, 'libs', 'service', 'src', 'health.routes.ts');
  if (!existsSync(file)) throw new Error(`${file} is not there`);
  writeFileSync(file, readFileSync(file, 'utf8').replace('service is running', 'service runs what was just written'));
  await eventually('the new text', async () => {
    const { body } = await buyer.ask<{ message?: string }>('/api/cart/health');
    return body.message === 'cart service runs what was just written' ? true : undefined;
  });
}
