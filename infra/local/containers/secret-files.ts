// npm run secrets:files: a folder with a file per secret, for docker-compose.prod.yml or (--kubernetes) for a Secret. What it
// holds is made once and kept in secrets.json beside it; what an operator gives (.env.production) is taken over at each run.
import { createHmac } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandLine } from '../command-line.ts';
import { LocalError } from '../errors.ts';
import { projectDir } from '../instance.ts';
import { addressesElsewhere, mountedSecrets } from './kubernetes-secrets.ts';
import { notificationSecrets } from '../notification-secrets.ts';
import { requireWebhookSecrets } from '../run-file.ts';
import { ensureSecrets, type Secrets } from '../secrets.ts';
import { type AccountName, Accounts, operatorName, serviceAccounts } from '../servers/accounts.ts';
import { rabbitmqDefinitions } from '../servers/rabbitmq-definitions.ts';
import { ensureCertificates } from '../tls.ts';

const { values } = commandLine({
  command: 'secrets:files',
  help: `npm run secrets:files [-- --folder .shopfleet/production --from .env.production --ha --kubernetes]
Writes FOLDER/secrets, a file per secret, and says nothing of what is in them.
--ha: redis-state is asked for by its Sentinels (docker compose --profile ha).
--kubernetes: only what the pods of infra/k8s mount, with the addresses of servers elsewhere (MONGODB_URL, REDIS_CACHE_URL, REDIS_STATE_URL, RABBITMQ_URL); FOLDER is .shopfleet/kubernetes.`,
  options: {
    folder: { type: 'string' },
    from: { type: 'string', default: '.env.production' },
    ha: { type: 'boolean', default: false },
    kubernetes: { type: 'boolean', default: false },
  },
});

const given = path.resolve(projectDir, values.from);
// What the environment says already wins over the file.
if (values.from !== '' && existsSync(given)) process.loadEnvFile(given);

// Before anything is written.
const elsewhere = givenOrEnd();
const folder = path.resolve(projectDir, values.folder ?? (values.kubernetes ? '.shopfleet/kubernetes' : '.shopfleet/production'));
const target = path.join(folder, 'secrets');
// The whole folder becomes the Secret: nothing of an earlier run may lie in it.
if (values.kubernetes) rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
// Containers read the files under accounts of their own; on this machine only the owner gets into the folder.
chmodSync(folder, 0o700);

const secrets = ensureSecrets(path.join(folder, 'secrets.json'));
const all = { ...ofServices(secrets), ...ofServers(new Accounts(secrets.accountsKey)), ...ofOperator(process.env), ...elsewhere };
const mounted = values.kubernetes ? mountedSecrets() : undefined;
const files = Object.fromEntries(Object.entries(all).filter(([name]) => mounted?.has(name) ?? true));
for (const [name, text] of Object.entries(files)) replace(path.join(target, name), text);
const hosts = process.env['PUBLIC_URL'] ? [new URL(process.env['PUBLIC_URL']).hostname] : [];
const { keyFile } = await ensureCertificates(path.join(folder, 'tls'), hosts);
chmodSync(keyFile, 0o444);
process.stdout.write(`${path.relative(projectDir, folder) || folder} holds ${Object.keys(files).length} secrets and a certificate of an authority of its own (tls/ca.pem).\n`);

function givenOrEnd(): Readonly<Record<string, string>> {
  try {
    requireWebhookSecrets(process.env);
    return values.kubernetes ? addressesElsewhere(process.env) : {};
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    process.stderr.write(`✗ ${error.message}\n`);
    process.exit(1);
  }
}

// A file that nobody may write is replaced, not written.
function replace(file: string, text: string): void {
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o444 });
}

function ofServices(made: Secrets): Record<string, string> {
  const webhooks = process.env['PAYMENT_WEBHOOK_SECRETS'] || createHmac('sha256', made.accountsKey).update('payment webhooks').digest('base64url');
  const notification = notificationSecrets(made, process.env);
  if (made.orderTokenSecret === undefined) throw new LocalError(`${folder}/secrets.json is of an earlier version: move it away to have new secrets made.`);
  return {
    'internal-token': made.internalToken,
    'cart-token-secret': made.cartTokenSecret,
    'order-token-secret': made.orderTokenSecret,
    'auth-token-secret': made.authTokenSecret,
    'auth-signing-keys': JSON.stringify(made.authSigningKeys),
    'notification-secret': notification['NOTIFICATION_SECRET'] ?? '',
    'vapid-public-key': notification['VAPID_PUBLIC_KEY'] ?? '',
    'vapid-private-key': notification['VAPID_PRIVATE_KEY'] ?? '',
    'payment-webhook-secrets': webhooks,
  };
}

function ofServers(accounts: Accounts): Record<string, string> {
  const rabbitmq = process.env['RABBITMQ_ADDRESS'] ?? 'rabbitmq:5672';
  const members = process.env['MONGO_SEEDS'] ?? 'mongo-1:27017,mongo-2:27017,mongo-3:27017';
  const password = (role: string): string => accounts.derive(`password of ${role}`);
  const login = (server: 'mongod' | 'rabbitmq', name: AccountName): string => `${name}:${accounts.password(server, name)}`;
  const services = Object.entries(serviceAccounts) as [keyof typeof serviceAccounts, { database: string | undefined }][];
  return {
    'accounts-key': secrets.accountsKey,
    'mongod-member-key': accounts.mongodKey,
    'rabbitmq-definitions': rabbitmqDefinitions(accounts),
    'rabbitmq-operator-password': accounts.password('rabbitmq', operatorName),
    'grafana-password': accounts.derive('password of Grafana'),
    'rabbitmq-cookie': accounts.derive('cookie of the nodes'),
    ...Object.fromEntries(['redis-cache', 'redis-state'].flatMap((role) => [
      [`${role}-auth`, `requirepass ${password(role)}\nmasterauth ${password(role)}\n`],
      [`${role}-url`, `redis://:${password(role)}@${role}:6379${role === 'redis-state' && values.ha ? '?sentinels=sentinel-1:26379,sentinel-2:26379,sentinel-3:26379&name=redis-state' : ''}`],
    ])),
    'migration-rabbitmq-url': `amqp://${operatorName}:${accounts.password('rabbitmq', operatorName)}@${rabbitmq}`,
    ...Object.fromEntries(services.flatMap(([name, { database }]) => [
      ...(database === undefined ? [] : [
        [`${name}-mongodb-uri`, `mongodb://${login('mongod', name)}@${members}/${database}?replicaSet=rs0&authSource=admin`] as const,
        [`${name}-migration-mongodb-uri`, `mongodb://${login('mongod', operatorName)}@${members}/${database}?replicaSet=rs0&authSource=admin`] as const,
      ]),
      [`${name}-rabbitmq-url`, `amqp://${login('rabbitmq', name)}@${rabbitmq}`] as const,
    ])),
  };
}

/** What only an operator can know; empty where it is not given, which counts as not set. */
function ofOperator(environment: NodeJS.ProcessEnv): Record<string, string> {
  const names = { 'smtp-url': 'SMTP_URL', 'stripe-secret-key': 'STRIPE_SECRET_KEY', 'images-s3-access-key-id': 'IMAGES_S3_ACCESS_KEY_ID', 'images-s3-secret-access-key': 'IMAGES_S3_SECRET_ACCESS_KEY', 'error-dsn': 'ERROR_DSN' };
  return Object.fromEntries(Object.entries(names).map(([file, variable]) => [file, environment[variable] ?? '']));
}
