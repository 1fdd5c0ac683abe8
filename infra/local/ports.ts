import type { Instance, Ports } from './instance.ts';
import { requireFreePort } from './servers/index.ts';
import { gatewayServices } from './nginx/services.ts';
import { workerCounts } from './worker-counts.ts';

/**
 * Makes sure that nobody holds a port that a start is about to take. `busy` are those of this very shop.
 *
 * @throws ServerError naming the port, its holder and the variable that moves the shop.
 */
export async function requireFreePorts(instance: Instance, busy: ReadonlySet<number>): Promise<void> {
  const counts = workerCounts(process.env);
  const names: readonly (keyof Ports)[] = ['gateway', 'gatewayInternal', ...(instance.nodeEnv === 'production' ? [] : (['paymentSimulator', 'mailbox', 'smtp'] as const))];
  const wanted = [
    ...names.map((name) => [name === 'gateway' ? 'nginx' : name, instance.ports[name]] as const),
    ...gatewayServices.flatMap((name) => Array.from({ length: counts[`${name}-service`] ?? 1 }, (_, worker) => [`${name}-service`, instance.ports[name] + worker] as const)),
  ];
  for (const [name, port] of wanted) {
    if (!busy.has(port)) await requireFreePort(name, port, 'SHOPFLEET_PORT_OFFSET');
  }
}
