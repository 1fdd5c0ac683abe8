import { commandLine, numberOption, UsageError } from '@shopfleet/local';
import { load } from './src/load.ts';
import { profiles, type ProfileName } from './src/profiles.ts';
import { SeedError } from './src/seed-error.ts';
import { targetsOf } from './src/targets.ts';

const usage = `Loads the shop's data set into the databases of its services.

  npm run seed -- [--profile tiny|demo|bench] [--orders N] [--replace]

  --profile  tiny (60 products, for tests), demo (5,000, the default) or bench (100,000)
  --orders   how many orders there are to be: demo begins with 2,000 of its 20,000, bench with none of its 500,000; those that are not there yet are added
  --replace  empties the catalogue first, where another data set is loaded
  --help     this text

Environment: SEED (default 42) · PRODUCT_MONGODB_URI, ORDER_MONGODB_URI, AUTH_MONGODB_URI, REDIS_STATE_URL, REDIS_CACHE_URL;
what is not set is taken from the run file of the local shop (SHOPFLEET_RUN_FILE). A second run changes nothing.`;

function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(profiles, name);
}

const { values } = commandLine({ command: 'seed', help: usage, options: { profile: { type: 'string', default: 'demo' }, replace: { type: 'boolean', default: false }, orders: { type: 'string' } } });
if (!isProfile(values.profile)) throw new UsageError(`There is no profile ${values.profile}. Choose tiny, demo or bench.`);
const profile = profiles[values.profile];
const orders = values.orders === undefined ? undefined : numberOption('orders', values.orders, { least: 0, most: profile.orders });
const seed = Number(process.env['SEED'] ?? 42);
if (!Number.isSafeInteger(seed)) throw new SeedError('SEED must be a whole number.');
await load({ profile, seed, orders, targets: targetsOf(process.env), replace: values.replace, out: process.stdout });
