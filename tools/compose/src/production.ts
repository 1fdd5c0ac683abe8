import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Buyer } from './buyer.ts';
import { type Checks, eventually, type Say } from './checks.ts';
import { docker, serviceOf } from './docker.ts';
import { checkOperations } from './operations.ts';
import { folder, productionShop, seed, shopAddress, startShop, withImages } from './production-shop.ts';
import { allWell, killAndBuy, withStack } from './stack.ts';

const services = ['product', 'cart', 'order', 'auth', 'notification'];
const gigabyte = 2 ** 30;
const project = productionShop();

/** docker-compose.prod.yml, with three replicas of each service. */
export async function checkProduction(checks: Checks): Promise<void> {
  await withImages(checks, project, [], () => withStack(checks, project, 'docker-compose.prod.yml', (say) => startShop(project, [], say), async () => {
    await checks.check('is given its products', () => seed(project));
    await checks.check('has three replicas of each service, with their limits and reserves', checkReplicas);
    await checks.check('runs nothing as root, nothing on a file system that can be written, and publishes the gateway only', checkConfinement);
    await checks.check('has no secret in any environment', checkEnvironments);
    await checks.check('nginx follows a fourth replica and its end; no request fails meanwhile', checkScaling);
    await killAndBuy(checks, project, shopAddress());
    await checkOperations(checks, project, shopAddress());
    await checks.check('all containers are well in the end', (say) => allWell(project, { say }));
  }));
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

async function checkScaling(say: Say): Promise<void> {
  const buyer = new Buyer(shopAddress());
  const failures: string[] = [];
  let going = true;
  let asked = 0;
  const keep = async (ask: () => Promise<{ status: number }>): Promise<void> => {
    for (; going; asked += 1) {
      const { status } = await ask().catch((error: unknown) => ({ status: String(error) }));
      if (status !== 200 && status !== 201) failures.push(String(status));
    }
  };
  const sku = await eventually('a product in stock', () => buyer.skuInStock());
  const look = (): Promise<{ status: number }> => buyer.ask('/api/cart');
  const add = (): Promise<{ status: number }> => buyer.ask('/api/cart/items', { method: 'POST', body: { sku, quantity: 1 } });
  const load = Promise.all([look, look, add].map(keep));
  try {
    for (const count of [4, 3]) {
      await project.compose('up', '-d', '--no-build', '--no-recreate', '--no-deps', '--scale', `cart=${count}`, 'cart');
      await eventually(`nginx knows ${count} replicas of cart`, async () => ((await upstreamOf('cart')) === count ? true : undefined));
      await allWell(project, { say });
    }
  } finally {
    going = false;
    await load;
    await buyer.close();
  }
  if (failures.length > 0) throw new Error(`${failures.length} of ${asked} requests failed: ${[...new Set(failures)].join(', ')}`);
}

async function upstreamOf(service: string): Promise<number> {
  const [gateway] = await project.containers('gateway');
  const text = await docker(['exec', gateway?.Id ?? '', 'cat', '/run/shopfleet/upstreams.conf']);
  const block = new RegExp(`upstream ${service} \\{[^}]*\\}`, 'u').exec(text)?.[0] ?? '';
  if (!block.includes('least_conn;')) throw new Error(`no least_conn for ${service}`);
  return block.match(/ server \d+\.\d+\.\d+\.\d+:3000 /gu)?.length ?? 0;
}
