import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LocalError } from '../errors.ts';
import { projectDir } from '../instance.ts';
import { databaseUri } from '../run-file.ts';
import { serviceAccounts } from '../servers/accounts.ts';

/** Names of the secrets that a pod of `infra/k8s` mounts; none of the others belongs into a cluster. */
export function mountedSecrets(): ReadonlySet<string> {
  const manifests = globSync('infra/k8s/**/*.yaml', { cwd: projectDir }).map((file) => readFileSync(path.join(projectDir, file), 'utf8'));
  return new Set(manifests.flatMap((text) => [...text.matchAll(/\{ key: (?<key>[a-z][\w-]*), path:/gu)].map(({ groups }) => groups?.['key'] ?? '')));
}

/**
 * The secrets with the addresses of servers that are somewhere else, as the environment names them: `MONGODB_URL` without a
 * database and `RABBITMQ_URL` with accounts that may make indexes and queues, `REDIS_CACHE_URL`, `REDIS_STATE_URL`; and, where services
 * have accounts of their own, `ORDER_MONGODB_URI`, `ORDER_RABBITMQ_URL` and so on. `MONGO_SEEDS` and `RABBITMQ_ADDRESS`
 * stand for servers that were set up with this shop's own accounts: for them nothing is returned.
 *
 * @throws LocalError naming what is missing
 */
export function addressesElsewhere(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const missing = new Set<string>();
  const found: Record<string, string> = {};
  const add = (name: string, address: string | undefined, variable: string): void => {
    if (address) found[name] = address;
    else missing.add(variable);
  };
  const mongodb = environment['MONGODB_URL'];
  const rabbitmq = environment['RABBITMQ_URL'];
  add('redis-cache-url', environment['REDIS_CACHE_URL'], 'REDIS_CACHE_URL');
  add('redis-state-url', environment['REDIS_STATE_URL'], 'REDIS_STATE_URL');
  if (rabbitmq || !environment['RABBITMQ_ADDRESS']) add('migration-rabbitmq-url', rabbitmq, 'RABBITMQ_URL');
  for (const [name, { database }] of Object.entries(serviceAccounts)) {
    const own = (suffix: string): string | undefined => environment[`${name.toUpperCase()}_${suffix}`];
    if (rabbitmq || !environment['RABBITMQ_ADDRESS']) add(`${name}-rabbitmq-url`, own('RABBITMQ_URL') || rabbitmq, 'RABBITMQ_URL');
    if (database === undefined || (!mongodb && environment['MONGO_SEEDS'])) continue;
    const operators = mongodb && databaseUri(mongodb, database);
    add(`${name}-mongodb-uri`, own('MONGODB_URI') || operators, 'MONGODB_URL');
    add(`${name}-migration-mongodb-uri`, operators, 'MONGODB_URL');
  }
  if (missing.size > 0) throw new LocalError(`${[...missing].join(', ')} must be given: the servers of a shop in Kubernetes are somewhere else (docs/deployment.md).`);
  return found;
}
