import type { Console } from '../console.ts';
import { LocalError } from '../errors.ts';
import type { Instance } from '../instance.ts';
import { Pm2 } from '../pm2.ts';
import { reloadServices } from '../reload.ts';
import { start } from './start.ts';
import { clusterNames } from '../worker-counts.ts';

/** `npm run cluster` and `cluster:dev`: the shop with the numbers of workers of features.md, or with two of each. */
export async function cluster(instance: Instance, console: Console, { dev }: { dev: boolean }): Promise<number> {
  process.env['CLUSTER'] = 'full';
  process.env['ENABLE_CLUSTERING'] = 'true';
  if (dev) process.env['MAX_WORKERS'] = '2';
  return start(instance, console);
}

/** `npm run cluster:restart`: every worker anew, one after the other, with no request lost. */
export async function restartCluster(instance: Instance, console: Console): Promise<number> {
  await reloadServices(instance, clusterNames);
  console.print('Every worker was replaced.');
  return 0;
}

/** `npm run cluster:logs [-- service]`: what the services write, as it comes. */
export async function clusterLogs(instance: Instance, names: readonly string[]): Promise<number> {
  const pm2 = new Pm2(instance);
  // PM2 would start a daemon to have something to follow, and nobody would end it.
  if ((await pm2.daemonPid()) === undefined) throw new LocalError('The shop does not run: npm start brings it up. npm run logs reads what was written.');
  return pm2.follow(names);
}
