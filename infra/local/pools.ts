import { LocalError } from './errors.ts';
import { clusterNames } from './worker-counts.ts';

/** Connections to MongoDB that one worker may open (features.md); the services say the same where they open them. */
export const poolSizes: Readonly<Record<string, number>> = { 'product-service': 50, 'order-service': 30, 'auth-service': 20, 'notification-service': 10 };

/** How much of what the server admits all pools together may take: the rest is for migrations, backups and people. */
const shareForPools = 0.8;

/** Connections that so many workers may open together. */
export function poolsTogether(workers: Readonly<Record<string, number>>): number {
  return clusterNames.reduce((sum, name) => sum + (workers[name] ?? 0) * (poolSizes[name] ?? 0), 0);
}

/**
 * Refuses workers whose pools could take more of MongoDB's connections than it can spare. Without a limit (the account may
 * not ask for it) nothing is refused.
 *
 * @throws LocalError that says how many there would be, and what to do
 */
export function requireRoomForPools(workers: Readonly<Record<string, number>>, limit: number | undefined): void {
  const together = poolsTogether(workers);
  if (limit === undefined || together <= limit * shareForPools) return;
  throw new LocalError(`The pools of all workers may open ${together} connections, more than ${shareForPools * 100} % of the ${limit} that MongoDB admits. Take fewer workers (MAX_WORKERS), or let it admit more (ulimit -n, net.maxIncomingConnections; of a managed server, a larger one).`);
}
