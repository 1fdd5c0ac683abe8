import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '@shopfleet/local';
import { Buyer, type ShopAddress } from './buyer.ts';
import { type Checks, eventually } from './checks.ts';
import { ComposeProject, docker, serviceOf } from './docker.ts';
import { allWell, killAndBuy, withStack } from './stack.ts';

const run = promisify(execFile);
const folder = path.join(projectFolder, '.shopfleet', 'test-compose');
const services = ['product', 'cart', 'order', 'auth', 'notification'];
const gigabyte = 2 ** 30;

const project = new ComposeProject('shopfleet-test', {
  cwd: projectFolder,
  files: ['docker-compose.prod.yml', path.join('tools', 'compose', 'test.yml')],
  env: {
    SHOPFLEET_VERSION: 'test',
    SHOPFLEET_SECRETS: folder,
    GATEWAY_PORT: '127.0.0.1:18480',
    MAILBOX_PORT: '18481',
    PUBLIC_URL: 'https://localhost:18480',
    PAYMENT_URL: 'http://payment-simulator:3000',
    // All buyers are one address, whose limits are raised but counted.
    LOADTEST_CIDR: '0.0.0.0/0',
  },
});

/** docker-compose.prod.yml, with three replicas of each service. */
export async function checkProduction(checks: Checks): Promise<void> {
  if (!(await checks.check('production images build with the classic builder', () => build()))) return;
  await withStack(checks, project, 'docker-compose.prod.yml', () => start(), async () => {
    const shop = shopAddress();
    await checks.check('has three replicas of each service, with their limits and reserves', checkReplicas);
    await checks.check('runs nothing as root, nothing on a file system that can be written, and publishes the gateway only', checkConfinement);
    await checks.check('has no secret in any environment', checkEnvironments);
    await checks.check('nginx follows a fourth replica and its end; no request fails meanwhile', () => checkScaling(shop));
    await killAndBuy(checks, project, shop);
    await checks.check('all containers are well in the end', () => allWell(project));
  });
  rmSync(folder, { recursive: true, force: true });
}

/** The same with profile ha: whichever server of three is stopped, the others go on. */
export async function checkHighAvailability(checks: Checks): Promise<void> {
  if (!(await checks.check('production images build with the classic builder', () => build('--ha')))) return;
  await withStack(checks, project, 'docker-compose.prod.yml --profile ha', () => start('--profile', 'ha'), async () => {
    const buyer = new Buyer(shopAddress());
    await checks.check('sells', () => buyer.buy());
    for (const server of ['mongo-1', 'redis-state', 'rabbitmq-1']) {
      await checks.check(`sells while ${server} is stopped, and when it is back`, async () => {
        await project.compose('stop', '--timeout', '20', server);
        await buyer.buy();
        await project.compose('start', server);
        await allWell(project);
        await buyer.buy();
      });
    }
    await buyer.close();
  });
  rmSync(folder, { recursive: true, force: true });
}

const shopAddress = (): ShopAddress => ({ url: 'https://localhost:18480', ca: readFileSync(path.join(folder, 'tls', 'ca.pem'), 'utf8'), mailbox: 'http://127.0.0.1:18481' });

async function build(...options: readonly string[]): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  // No settings of an operator's: a test must not reach their mail server or their payments.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], PUBLIC_URL: 'https://localhost:18480', SMTP_URL: 'smtp://mailbox:5602' };
  await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'infra/local/containers/secret-files.ts', '--folder', folder, '--from', '', ...options], { cwd: projectFolder, env });
  await project.compose('--profile', '*', 'config', '--quiet');
  await project.compose('build');
}

async function start(...profile: readonly string[]): Promise<void> {
  await project.compose(...profile, 'up', '-d', '--no-build');
  await allWell(project, 300_000);
  await project.compose('run', '--rm', '--no-deps', 'seed');
}

async function checkReplicas(): Promise<void> {
  for (const service of services) {
    const replicas = await project.containers(service);
    if (replicas.length !== 3) throw new Error(`${service} has ${replicas.length}`);
    for (const { HostConfig: { NanoCpus, Memory, MemoryReservation } } of replicas) {
      if (NanoCpus !== 2e9 || Memory !== 2 * gigabyte || MemoryReservation !== gigabyte) throw new Error(`${service}: ${NanoCpus / 1e9} cpus, ${Memory} and ${MemoryReservation} bytes`);
    }
  }
}

async function checkConfinement(): Promise<void> {
  for (const container of await project.containers()) {
    const service = serviceOf(container);
    const user = Number(container.Config.User.split(':')[0]);
    if (!(user > 0)) throw new Error(`${service} runs as "${container.Config.User}"`);
    if (!container.HostConfig.ReadonlyRootfs) throw new Error(`${service} can write its file system`);
    const published = Object.values(container.NetworkSettings.Ports).flatMap((ports) => ports ?? []);
    if (published.length > 0 && service !== 'gateway' && service !== 'mailbox') throw new Error(`${service} publishes ${published.map(({ HostPort }) => HostPort).join(', ')}`);
  }
}

async function checkEnvironments(): Promise<void> {
  const secrets = readdirSync(path.join(folder, 'secrets')).map((name) => ({ name, text: readFileSync(path.join(folder, 'secrets', name), 'utf8').trim() })).filter(({ text }) => text.length >= 16);
  for (const container of await project.containers()) {
    const told = secrets.find(({ name, text }) => !['smtp-url', 'vapid-public-key'].includes(name) && container.Config.Env.some((line) => line.includes(text)));
    if (told !== undefined) throw new Error(`${serviceOf(container)} has ${told.name} in its environment`);
  }
}

async function checkScaling(shop: ShopAddress): Promise<void> {
  const buyer = new Buyer(shop);
  const failures: string[] = [];
  let going = true;
  const load = (async () => {
    while (going) {
      const { status } = await buyer.ask('/api/cart').catch((error: unknown) => ({ status: String(error) }));
      if (status !== 200) failures.push(String(status));
    }
  })();
  try {
    for (const count of [4, 3]) {
      await project.compose('up', '-d', '--no-build', '--no-recreate', '--no-deps', '--scale', `cart=${count}`, 'cart');
      await eventually(`nginx knows ${count} replicas of cart`, async () => ((await upstreamOf('cart')) === count ? true : undefined));
    }
  } finally {
    going = false;
    await load;
    await buyer.close();
  }
  if (failures.length > 0) throw new Error(`${failures.length} requests failed: ${[...new Set(failures)].join(', ')}`);
}

async function upstreamOf(service: string): Promise<number> {
  const [gateway] = await project.containers('gateway');
  const text = await docker(['exec', gateway?.Id ?? '', 'cat', '/run/shopfleet/upstreams.conf']);
  const block = new RegExp(`upstream ${service} \\{[^}]*\\}`, 'u').exec(text)?.[0] ?? '';
  if (!block.includes('least_conn;')) throw new Error(`no least_conn for ${service}`);
  return block.match(/ server \d+\.\d+\.\d+\.\d+:3000 /gu)?.length ?? 0;
}
