import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { objectStoreOptions, type ObjectStoreOptions } from '@shopfleet/images';
import { operatorEnvironment, type RunFile } from '@shopfleet/local';
import { SeedError } from './seed-error.ts';

/** Where the data go: one database per service, and cart's Redis. */
export interface Targets {
  readonly product: string;
  readonly order: string | undefined;
  readonly auth: string | undefined;
  readonly redisState: string | undefined;
  readonly redisCache: string | undefined;
  /** Where the product service looks for pictures; left away: the products get none. */
  readonly images?: ObjectStoreOptions | undefined;
  /** The payment simulator; left away: there are no orders, for what they paid would stand in no provider's books. */
  readonly simulator?: string | undefined;
  readonly production: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Addresses from PRODUCT_MONGODB_URI, ORDER_MONGODB_URI, AUTH_MONGODB_URI, REDIS_STATE_URL, REDIS_CACHE_URL and IMAGES_…; what is not
 * set is looked up in the run file of the local stack.
 * @throws SeedError when not even the product database is known
 */
export function targetsOf(environment: Variables): Targets {
  const apps = runFileApps(runFileOf(environment));
  const product = environment['PRODUCT_MONGODB_URI'] || apps['product-service']?.['MONGODB_URI'] || environment['MONGODB_URI'];
  if (!product) throw new SeedError('No database is known. Start the shop (npm start), or set PRODUCT_MONGODB_URI to mongodb://host:port/shop_product.');
  return {
    product,
    order: environment['ORDER_MONGODB_URI'] || apps['order-service']?.['MONGODB_URI'],
    auth: environment['AUTH_MONGODB_URI'] || apps['auth-service']?.['MONGODB_URI'],
    redisState: environment['REDIS_STATE_URL'] || apps['cart-service']?.['REDIS_STATE_URL'],
    redisCache: environment['REDIS_CACHE_URL'] || apps['product-service']?.['REDIS_CACHE_URL'],
    images: imagesOf(environment['IMAGES_DIR'] ? environment : (apps['product-service'] ?? {})),
    simulator: environment['PAYMENT_URL'] || apps['order-service']?.['PAYMENT_URL'],
    production: (environment['NODE_ENV'] ?? apps['product-service']?.['NODE_ENV']) === 'production',
  };
}

function imagesOf(variables: Variables): ObjectStoreOptions | undefined {
  const folder = variables['IMAGES_DIR'];
  return folder ? objectStoreOptions({ ...variables, IMAGES_DIR: folder }) : undefined;
}

/** The run file of the same instance that `npm start` would start. */
function runFileOf({ SHOPFLEET_RUN_FILE, SHOPFLEET_DATA_DIR, SHOPFLEET_INSTANCE }: Variables): string {
  return SHOPFLEET_RUN_FILE || join(resolve(root, SHOPFLEET_DATA_DIR || join('.shopfleet', SHOPFLEET_INSTANCE || 'dev')), 'run', 'services.json');
}

function runFileApps(file: string): Readonly<Record<string, Variables>> {
  if (!existsSync(file)) return {};
  const runFile = JSON.parse(readFileSync(file, 'utf8')) as RunFile;
  return Object.fromEntries(Object.keys(runFile.apps).map((app) => [app, operatorEnvironment(runFile, app)]));
}
