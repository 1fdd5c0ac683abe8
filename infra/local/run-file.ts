import { createHmac } from 'node:crypto';
import { writePrivate, readJson } from './servers/files.ts';
import { LocalError } from './errors.ts';
import { metricsTargets } from './gateway.ts';
import { dataPath, type Instance } from './instance.ts';
import { notificationSecrets, notificationVariables } from './notification-secrets.ts';
import type { Secrets } from './secrets.ts';
import { Accounts, serviceAccounts, urlFor, type RunningServer, type ServerName } from './servers/index.ts';
import { readWishes } from './wishes.ts';
import { workerCounts } from './worker-counts.ts';

export type Environment = Readonly<Record<string, string>>;

/**
 * What ecosystem.config.js reads: the complete environment of every application, so that no shell has to hold any of it.
 * Which variables an application has does not depend on what is set (`given`).
 */
export interface RunFile {
  readonly instance: string;
  readonly nodeEnv: string;
  readonly logDir: string;
  readonly instances: Readonly<Record<string, number>>;
  readonly apps: Readonly<Record<string, Environment>>;
  /** Addresses of MongoDB and RabbitMQ under the operator's accounts; absent in a file of an earlier version. */
  readonly operator?: Environment;
  /** What the shell of the start said about workers and caches: what is typed later is typed elsewhere. Absent as above. */
  readonly told?: Environment;
  /** Servers that a URL of the environment named: never started nor stopped here. */
  readonly givenServers: readonly string[];
}

export function runFilePath(instance: Instance): string {
  return dataPath(instance, 'run', 'services.json');
}

export function readRunFile(instance: Instance): RunFile | undefined {
  return readJson<RunFile>(runFilePath(instance));
}

/** Writes the run file (readable by its owner only: it holds the secrets) and returns its content. */
export function writeRunFile(instance: Instance, servers: readonly RunningServer[], secrets: Secrets, environment: NodeJS.ProcessEnv = process.env): RunFile {
  const usual: RunFile = {
    instance: instance.name,
    nodeEnv: instance.nodeEnv,
    logDir: dataPath(instance, 'logs'),
    instances: workerCounts(environment, { peak: readWishes(instance).peak }),
    apps: appEnvironments(instance, servers, secrets, environment),
    operator: operatorAddresses(servers),
    told: told(environment),
    givenServers: servers.filter(({ kind }) => kind === 'env').map(({ name }) => name),
  };
  const runFile = withWishes(instance, usual);
  writePrivate(runFilePath(instance), JSON.stringify(runFile, undefined, 2));
  return runFile;
}

/** The file with what an operator asked for meanwhile: numbers of workers, Black Friday. */
export function withWishes(instance: Instance, runFile: RunFile): RunFile {
  const { workers, peak } = readWishes(instance);
  const peakMode = peak ? 'true' : (runFile.told?.['CACHE_PEAK_MODE'] ?? '');
  return {
    ...runFile,
    instances: { ...runFile.instances, ...workers },
    apps: { ...runFile.apps, 'product-service': { ...runFile.apps['product-service'], CACHE_PEAK_MODE: peakMode } },
  };
}

function appEnvironments(instance: Instance, servers: readonly RunningServer[], secrets: Secrets, environment: NodeJS.ProcessEnv): Record<string, Environment> {
  const { ports } = instance;
  const url = (name: ServerName): string => serverOf(servers, name).url;
  const accounts = new Accounts(secrets.accountsKey);
  const accountsOf = (service: keyof typeof serviceAccounts): Environment => {
    const { database } = serviceAccounts[service];
    return {
      RABBITMQ_URL: urlFor(serverOf(servers, 'rabbitmq'), service, accounts),
      ...(database && { MONGODB_URI: databaseUri(urlFor(serverOf(servers, 'mongod'), service, accounts), database) }),
    };
  };
  const common: Environment = {
    NODE_ENV: instance.nodeEnv,
    HOST: '127.0.0.1',
    LOG_LEVEL: environment['LOG_LEVEL'] || 'info',
  };
  const service: Environment = {
    ...common,
    PUBLIC_URL: environment['PUBLIC_URL'] || `https://localhost:${ports.gateway}`,
    GATEWAY_URL: `http://127.0.0.1:${ports.gatewayInternal}`,
    INTERNAL_TOKEN: secrets.internalToken,
    ALLOWED_ORIGINS: environment['ALLOWED_ORIGINS'] ?? '',
    LOADTEST_CIDR: environment['LOADTEST_CIDR'] ?? '',
    REGION_LIMITS: environment['REGION_LIMITS'] ?? '',
    TRUSTED_PROXIES: environment['TRUSTED_PROXIES'] ?? '',
    SHUTDOWN_TIMEOUT_MS: '15000',
    REDIS_CACHE_URL: url('redis-cache'),
    REDIS_STATE_URL: url('redis-state'),
    ...given(environment, ['METRICS', 'ACCESS_LOG', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS', 'ERROR_DSN']),
  };
  const logFile = (app: string) => ({ LOG_FILE: dataPath(instance, 'logs', `${app}.log`) });
  return {
    ...(instance.nodeEnv !== 'production' && substitutes(instance, common, secrets, environment)),
    'product-service': {
      ...service,
      ...logFile('product-service'),
      ...accountsOf('product'),
      PORT: String(ports.product),
      IMAGES_DIR: imagesDir(instance),
      ...given(environment, [...imageVariables, 'CACHE_MEMORY_MB']),
    },
    'cart-service': {
      ...service,
      ...logFile('cart-service'),
      ...accountsOf('cart'),
      PORT: String(ports.cart),
      CART_TOKEN_SECRET: secrets.cartTokenSecret,
      ...given(environment, ['CART_ABANDONED_AFTER_S', 'CART_SWEEP_INTERVAL_MS']),
    },
    'order-service': {
      ...service,
      ...logFile('order-service'),
      ...accountsOf('order'),
      PORT: String(ports.order),
      ...(secrets.orderTokenSecret && { ORDER_TOKEN_SECRET: secrets.orderTokenSecret }),
      PAYMENT_WEBHOOK_SECRETS: environment['PAYMENT_WEBHOOK_SECRETS'] || paymentWebhookSecret(secrets),
      ...given(environment, ['STRIPE_SECRET_KEY']),
      PAYMENT_URL: environment['PAYMENT_URL'] || `http://127.0.0.1:${ports.paymentSimulator}`,
      CART_TOKEN_SECRET: secrets.cartTokenSecret,
    },
    'auth-service': {
      ...service,
      ...logFile('auth-service'),
      ...accountsOf('auth'),
      PORT: String(ports.auth),
      AUTH_SIGNING_KEYS: JSON.stringify(secrets.authSigningKeys),
      AUTH_TOKEN_SECRET: secrets.authTokenSecret,
    },
    'notification-service': {
      ...service,
      ...logFile('notification-service'),
      ...accountsOf('notification'),
      PORT: String(ports.notification),
      SMTP_URL: environment['SMTP_URL'] || `smtp://127.0.0.1:${ports.smtp}`,
      MAIL_FROM: environment['MAIL_FROM'] || 'Shopfleet <shop@example.com>',
      METRICS_TARGETS: metricsTargets(instance).map(({ service: name, host, port, slots }) => `${name}=${host}:${port}+${slots}`).join(','),
      ...notificationSecrets(secrets, environment),
    },
  };
}

// What stands in for providers of mail and payment while a shop is developed; both refuse to run in production.
function substitutes(instance: Instance, common: Environment, secrets: Secrets, environment: NodeJS.ProcessEnv): Record<string, Environment> {
  const { ports } = instance;
  return {
    mailbox: { ...common, MAILBOX_PORT: String(ports.mailbox), SMTP_PORT: String(ports.smtp), DATA_DIR: dataPath(instance, 'mailbox') },
    'payment-simulator': {
      ...common,
      PORT: String(ports.paymentSimulator),
      DATA_DIR: dataPath(instance, 'payments'),
      // How long the provider takes: measurements set it.
      ...given(environment, ['PAYMENT_LATENCY_MS']),
      PAYMENT_WEBHOOK_URL: `http://127.0.0.1:${ports.gatewayInternal}/api/orders/webhooks/payments`,
      PAYMENT_WEBHOOK_SECRET: paymentWebhookSecret(secrets),
    },
  };
}

/** @throws LocalError naming what a shop in production needs and only its operator knows */
export function requireProviders({ nodeEnv }: Instance, environment: NodeJS.ProcessEnv = process.env): void {
  if (nodeEnv !== 'production') return;
  if (!environment['SMTP_URL']) throw new LocalError('SMTP_URL is not set: in production mails need a server, smtps://user:password@host:465 (.env.production.example lists what there is).');
  if (!environment['STRIPE_SECRET_KEY'] && !environment['PAYMENT_URL']) throw new LocalError('Neither STRIPE_SECRET_KEY nor PAYMENT_URL is set: in production somebody has to take the money (.env.production.example).');
  requireWebhookSecrets(environment);
}

/** @throws LocalError where Stripe takes the money and nobody says what it signs its webhooks with: a secret of ours would be refused */
export function requireWebhookSecrets(environment: NodeJS.ProcessEnv): void {
  if (environment['STRIPE_SECRET_KEY'] && !environment['PAYMENT_WEBHOOK_SECRETS']) throw new LocalError('PAYMENT_WEBHOOK_SECRETS is not set: it is what Stripe shows for the webhook endpoint of your shop (whsec_…).');
}

/**
 * A shop in production is started with the variables of .env.production; npm start, typed in a shell without them, would
 * make it one of development with a simulated provider and the accounts of the demo, on the data of production.
 *
 * @throws LocalError saying so, where NODE_ENV does not ask for it
 */
export function requireSameKind(instance: Instance, environment: NodeJS.ProcessEnv = process.env): void {
  if (environment['NODE_ENV'] || readRunFile(instance)?.nodeEnv !== 'production') return;
  throw new LocalError('This shop is one in production: npm run start-production starts it, or brings back what is missing. NODE_ENV=development npm start would make it one of development, on the same data; SHOPFLEET_INSTANCE=NAME npm start starts another one beside it.');
}

const workerVariables = ['CLUSTER', 'ENABLE_CLUSTERING', 'MAX_WORKERS', 'CACHE_PEAK_MODE'] as const;

const told = (environment: NodeJS.ProcessEnv): Environment =>
  Object.fromEntries(workerVariables.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));

/** The environment of a command that is about a running shop: what its start was told holds, where this shell says nothing. */
export function environmentOf(instance: Instance, environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const runFile = readRunFile(instance);
  return { ...runFile?.told, ...environment, ...(runFile && { NODE_ENV: runFile.nodeEnv }) };
}

/** Pictures of the shop; nginx serves what lies in its folder `public`. */
export function imagesDir(instance: Instance): string {
  return dataPath(instance, 'images');
}

/**
 * The variables of a shell by which a shop was started, as its services have them: who starts what is missing from another
 * shell gives them again, else everything would be restarted with others.
 */
export function settingsOf({ nodeEnv, apps }: RunFile): Environment {
  const variables: Environment = Object.assign({}, ...Object.values(apps));
  return { NODE_ENV: nodeEnv, ...Object.fromEntries(shellVariables.flatMap((name) => (variables[name] ? [[name, variables[name]]] : []))) };
}

/** Names of variables that this shell sets otherwise than the shop was started with: it runs on without them. */
export function notStartedWith(runFile: RunFile, environment: NodeJS.ProcessEnv = process.env): string[] {
  const present = { ...settingsOf(runFile), ...runFile.told };
  return [...shellVariables, ...workerVariables].filter((name) => (environment[name] ?? '') !== '' && environment[name] !== present[name]);
}

const imageVariables = ['IMAGES_QUEUE_MAX', 'IMAGES_S3_BUCKET', 'IMAGES_S3_REGION', 'IMAGES_S3_ENDPOINT', 'IMAGES_S3_ACCESS_KEY_ID', 'IMAGES_S3_SECRET_ACCESS_KEY'] as const;
const shellVariables = [
  ...imageVariables, ...notificationVariables,
  'LOG_LEVEL', 'PUBLIC_URL', 'ALLOWED_ORIGINS', 'LOADTEST_CIDR', 'REGION_LIMITS', 'TRUSTED_PROXIES', 'METRICS', 'ACCESS_LOG', 'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS', 'ERROR_DSN', 'CACHE_MEMORY_MB', 'CACHE_PEAK_MODE', 'CART_ABANDONED_AFTER_S', 'CART_SWEEP_INTERVAL_MS', 'STRIPE_SECRET_KEY', 'PAYMENT_URL',
  'PAYMENT_WEBHOOK_SECRETS', 'PAYMENT_LATENCY_MS', 'SMTP_URL', 'MAIL_FROM',
] as const;

/**
 * What the environment says about these, and nothing about the others: an empty variable counts as not set. It stands there
 * all the same, because PM2 adds variables to those of a worker and takes none away: one that is withdrawn would stay.
 */
function given(environment: NodeJS.ProcessEnv, names: readonly string[]): Environment {
  return Object.fromEntries(names.map((name) => [name, environment[name] ?? '']));
}

function operatorAddresses(servers: readonly RunningServer[]): Environment {
  const rabbitmq = serverOf(servers, 'rabbitmq');
  return { MONGODB_URL: serverOf(servers, 'mongod').url, RABBITMQ_URL: rabbitmq.url, ...(rabbitmq.managementUrl && { RABBITMQ_MANAGEMENT_URL: rabbitmq.managementUrl }) };
}

function serverOf(servers: readonly RunningServer[], name: ServerName): RunningServer {
  const server = servers.find((candidate) => candidate.name === name);
  if (!server) throw new Error(`No ${name} was started.`);
  return server;
}

/**
 * The environment of an application with the operator's accounts in place of its own: for migrations, seed, measurements
 * and checks, which look into every database.
 */
export function operatorEnvironment({ apps, operator = {} }: RunFile, app: string): Environment {
  const own = apps[app] ?? {};
  const database = own['MONGODB_URI'] && /^mongodb(?:\+srv)?:\/\/[^/]+\/([\w-]+)/u.exec(own['MONGODB_URI'])?.[1];
  return {
    ...own,
    ...(own['RABBITMQ_URL'] && operator['RABBITMQ_URL'] && { RABBITMQ_URL: operator['RABBITMQ_URL'] }),
    ...(database && operator['MONGODB_URL'] && { MONGODB_URI: databaseUri(operator['MONGODB_URL'], database) }),
  };
}

/** What the simulated provider signs its webhooks with: from what no service knows, so that only order can check it. */
const paymentWebhookSecret = ({ accountsKey }: Secrets): string => createHmac('sha256', accountsKey).update('payment webhooks').digest('base64url');

/** The server's address with a database of its own in the path; what else the address says is kept. */
export function databaseUri(serverUrl: string, database: string): string {
  const match = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/u.exec(serverUrl);
  if (!match) throw new Error(`${serverUrl} is no address of a MongoDB server.`);
  return `${match[1]}/${database}${match[2] ?? ''}`;
}
