import { Buyer } from './buyer.ts';
import { type Checks, eventually } from './checks.ts';
import { docker } from './docker.ts';
import { restore, type Disaster } from './operations.ts';
import { productionShop, seed, shopAddress, startShop, withImages } from './production-shop.ts';
import { allWell, withStack } from './stack.ts';

// One replica of each service: what is looked at here are the servers.
const project = productionShop({ SHOPFLEET_REPLICAS: '1' });

/** Whoever leads at first, and who then led in its place, each stopped in turn. */
const stopped = ['mongo-1', 'mongo-2', 'redis-state', 'redis-state-2', 'rabbitmq-1', 'rabbitmq-2'];

/** Who led is of the shop before, so what Sentinels have learnt goes too. */
const everyServer: Disaster = {
  profile: ['--profile', 'ha'],
  lostVolumes: ['mongo-1', 'mongo-2', 'mongo-3', 'redis-state', 'redis-state-2', 'sentinel-1', 'sentinel-2', 'sentinel-3', 'rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3'],
};

/** Profile ha: whichever server of three is stopped, the others go on; so they do after all of it was stopped, and a backup brings it back onto empty volumes. */
export async function checkHighAvailability(checks: Checks): Promise<void> {
  await withImages(checks, project, ['--ha'], () => withStack(checks, project, 'docker-compose.prod.yml --profile ha', (say) => startShop(project, ['--profile', 'ha'], say), async () => {
    const buyer = new Buyer(shopAddress());
    await checks.check('is given its products', () => seed(project));
    await checks.check('sells', () => buyer.buy());
    for (const server of stopped) {
      await checks.check(`sells while ${server} is stopped, and when it is back`, async (say) => {
        await project.compose('stop', '--timeout', '20', server);
        await buyer.buy();
        await project.compose('--profile', 'ha', 'start', server);
        await allWell(project, { say });
        await eventually('redis-state has its replica', hasReplica, { say });
        await buyer.buy();
      });
    }
    await checks.check('sells after all of it was stopped and started', async (say) => {
      await project.compose('--profile', 'ha', 'stop', '--timeout', '30');
      await startShop(project, ['--profile', 'ha'], say);
      await buyer.buy();
    });
    await checks.check('is put back from its backup when the data of all its servers are gone, and sells', (say) => restore(project, buyer, everyServer, say));
    await buyer.close();
  }));
}

/** One of the two leads and knows that the other follows it. */
async function hasReplica(): Promise<true | undefined> {
  const roles = await Promise.all(['redis-state', 'redis-state-2'].map((service) => replicationOf(service)));
  const led = roles.filter((text) => text.includes('role:master') && /^slave0:.*state=online/mu.test(text)).length;
  const following = roles.filter((text) => text.includes('role:slave') && text.includes('master_link_status:up')).length;
  return led === 1 && following === 1 ? true : undefined;
}

async function replicationOf(service: string): Promise<string> {
  const [container] = await project.containers(service);
  const ask = 'REDISCLI_AUTH=$(sed -n "s/^requirepass //p" /run/secrets/redis-state-auth) exec redis-cli info replication';
  return docker(['exec', container?.Id ?? '', 'sh', '-c', ask]);
}
