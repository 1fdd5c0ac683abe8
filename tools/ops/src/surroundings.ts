import { withFiles } from '@shopfleet/config';
import { operatorEnvironment, readRunFile, resolveInstance } from '@shopfleet/local';
import { UsageError } from './command-line.ts';

/** Where the servers of the shop are. */
export interface Surroundings {
  readonly rabbitmq: string;
  readonly redisCache: string;
  readonly redisState: string;
  /** Address of the database server, with any of the shop's databases in its path. */
  readonly mongodb: string;
  /** Auth's database where it is not `shop_auth` on that server. */
  readonly authDatabase: string | undefined;
}

/**
 * From the environment (NAME, or NAME_FILE as containers have it), else from the run file of the instance (the operator's
 * accounts). @throws UsageError when neither says it, ConfigError for a file that cannot be read
 */
export function findSurroundings(environment: NodeJS.ProcessEnv): Surroundings {
  const said = withFiles(['RABBITMQ_URL', 'REDIS_CACHE_URL', 'REDIS_STATE_URL', 'MONGODB_URI', 'AUTH_MONGODB_URI'], environment);
  const instance = resolveInstance(environment);
  const runFile = readRunFile(instance);
  const run = runFile === undefined ? {} : operatorEnvironment(runFile, 'notification-service');
  const find = (name: string, fallback?: string): string => {
    const value = said[name] ?? run[name] ?? fallback;
    if (value === undefined) throw new UsageError(`${name} is not set and the shop "${instance.name}" has not been started here: run npm start, or set ${name}.`);
    return value;
  };
  const redisState = find('REDIS_STATE_URL');
  const ofProduct = runFile?.apps['product-service']?.['REDIS_CACHE_URL'];
  return { rabbitmq: find('RABBITMQ_URL'), redisState, redisCache: find('REDIS_CACHE_URL', ofProduct), mongodb: find('MONGODB_URI'), authDatabase: said['AUTH_MONGODB_URI'] };
}
