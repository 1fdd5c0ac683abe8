import { Buyer, type ShopAddress } from './buyer.ts';
import { type Checks, eventually, type Say } from './checks.ts';
import { type ComposeProject, serviceOf } from './docker.ts';

/** One container of each kind, the gateway and the servers included. */
export const kinds = ['product', 'cart', 'order', 'auth', 'notification', 'gateway', 'mongo-1', 'redis-cache', 'redis-state', 'rabbitmq-1'] as const;

/** Starts a project, has it looked at and ends it, whatever happens. */
export async function withStack(checks: Checks, project: ComposeProject, title: string, start: (say: Say) => Promise<void>, look: () => Promise<void>): Promise<void> {
  process.stdout.write(`\n=== ${title}\n`);
  const failedBefore = checks.failed;
  try {
    // Of a test that was killed.
    await project.down();
    if (await checks.check('comes up, healthy', start)) await look();
  } finally {
    if (checks.failed > failedBefore) process.stdout.write(`${await lastLines(project)}\n`);
    await checks.check('leaves no container, network or volume', () => project.down(), { evenWhenInterrupted: true });
  }
}

/** Buys, kills a container of each kind in turn, buys again each time, and wants all to be well in the end. */
export async function killAndBuy(checks: Checks, project: ComposeProject, shop: ShopAddress): Promise<void> {
  const buyer = new Buyer(shop);
  try {
    await checks.check('sells', () => buyer.buy());
    for (const kind of kinds) {
      await checks.check(`sells when a container of ${kind} was killed`, async () => {
        const victim = await project.kill(kind);
        await buyer.buy();
        await eventually(`${kind} is back`, async () => {
          const now = (await project.containers(kind)).find(({ Id }) => Id === victim.Id);
          return now !== undefined && now.RestartCount > victim.RestartCount && now.State.Health?.Status === 'healthy' ? true : undefined;
        });
      });
    }
  } finally {
    await buyer.close();
  }
}

/** Waits until every container is well, and every one-shot has ended as it should. */
export async function allWell(project: ComposeProject, options: { readonly patienceMs?: number; readonly say?: Say } = {}): Promise<void> {
  await eventually('all containers are well', async () => {
    const complaints = await unwell(project);
    if (complaints.length > 0) throw new Error(complaints.join(', '));
    return true;
  }, options);
}

async function unwell(project: ComposeProject): Promise<string[]> {
  const oneShot = new Set(['setup', 'seed', 'packages', 'setup-ha', 'grow-queues']);
  return (await project.containers()).flatMap((container) => {
    const service = serviceOf(container);
    if (oneShot.has(service)) return container.State.Status === 'exited' && container.State.ExitCode === 0 ? [] : [`${service} is ${container.State.Status} (${container.State.ExitCode})`];
    const { Running: running, Health: health } = container.State;
    return running && (health === undefined || health.Status === 'healthy') ? [] : [`${container.Name.slice(1)} is ${health?.Status ?? 'down'}`];
  });
}

async function lastLines(project: ComposeProject): Promise<string> {
  return `--- last lines of ${project.name}\n${(await project.compose('logs', '--no-color', '--tail', '15').catch(String)).split('\n').map((line) => line.slice(0, 400)).join('\n')}`;
}
