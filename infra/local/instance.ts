import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalError } from './errors.ts';

/** Where one running shop keeps its things and which ports it takes. Several can run side by side on one machine. */
export interface Instance {
  readonly name: string;
  readonly portOffset: number;
  readonly projectDir: string;
  /** Everything this shop writes: databases, certificates, logs, run files. Never committed. */
  readonly dataDir: string;
  /** PM2's own folder; undefined means PM2's default, so that operators can type `npx pm2 ls` as it is. */
  readonly pm2Home: string | undefined;
  readonly ports: Ports;
  readonly seedProfile: 'tiny' | 'demo' | 'bench';
  readonly nodeEnv: 'development' | 'production' | 'test';
}

export interface Ports {
  readonly gateway: number;
  readonly gatewayInternal: number;
  readonly product: number;
  readonly cart: number;
  readonly auth: number;
  readonly order: number;
  readonly notification: number;
  readonly paymentSimulator: number;
  readonly mailbox: number;
  readonly smtp: number;
  readonly mongod: number;
  readonly redisCache: number;
  readonly redisState: number;
  readonly rabbitmq: number;
  readonly rabbitmqManagement: number;
  readonly rabbitmqDistribution: number;
  readonly rabbitmqPortMapper: number;
}

const developmentPorts: Ports = {
  gateway: 8080,
  gatewayInternal: 8081,
  product: 5100,
  cart: 5200,
  auth: 5300,
  order: 5400,
  notification: 5500,
  paymentSimulator: 5600,
  mailbox: 5601,
  smtp: 5602,
  mongod: 27100,
  redisCache: 6390,
  redisState: 6391,
  rabbitmq: 5680,
  rabbitmqManagement: 15680,
  rabbitmqDistribution: 5681,
  rabbitmqPortMapper: 5682,
};

/** The root of the repository. */
export const projectDir = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/**
 * The instance named by SHOPFLEET_INSTANCE: `dev` (the default: ports of the README, PM2's default home) or any other
 * name, which gets ports +10000 (SHOPFLEET_PORT_OFFSET), data of its own and a PM2 of its own.
 *
 * @example resolveInstance({ SHOPFLEET_INSTANCE: 'test' }).ports.gateway // 18080
 */
export function resolveInstance(environment: NodeJS.ProcessEnv = process.env): Instance {
  const name = environment['SHOPFLEET_INSTANCE'] || 'dev';
  if (!/^[a-z][a-z0-9-]{0,20}$/.test(name)) {
    throw new LocalError(`SHOPFLEET_INSTANCE must be a short lower-case name such as dev or test, not "${name}".`);
  }
  const isDefault = name === 'dev';
  const portOffset = Number(environment['SHOPFLEET_PORT_OFFSET'] || (isDefault ? 0 : 10_000));
  if (!Number.isInteger(portOffset) || portOffset < 0 || portOffset > 37_000) {
    throw new LocalError('SHOPFLEET_PORT_OFFSET must be a whole number from 0 to 37000.');
  }
  const dataDir = path.resolve(projectDir, environment['SHOPFLEET_DATA_DIR'] || path.join('.shopfleet', name));
  return {
    name,
    portOffset,
    projectDir,
    dataDir,
    pm2Home: environment['PM2_HOME'] || (isDefault ? undefined : socketFolder(path.join(dataDir, 'pm2'))),
    ports: shiftPorts(portOffset),
    seedProfile: seedProfile(environment['SHOPFLEET_SEED'] || (isDefault ? 'demo' : 'tiny')),
    nodeEnv: nodeEnvironment(environment['NODE_ENV']),
  };
}

/** A path in the instance's data folder. */
export function dataPath(instance: Instance, ...parts: string[]): string {
  return path.join(instance.dataDir, ...parts);
}

// Unix sockets cannot have a path of more than 107 bytes; PM2 puts two of them into its folder.
function socketFolder(folder: string): string {
  if (Buffer.byteLength(folder) < 90) return folder;
  return path.join(tmpdir(), `shopfleet-pm2-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`);
}

function shiftPorts(offset: number): Ports {
  // From 32768 on the system hands out ports to outgoing connections; a server there would now and then find its own taken.
  const below = (port: number) => (port > 32_767 ? port - 20_000 : port);
  const shifted = Object.entries(developmentPorts).map(([name, port]) => [name, below(port + offset)]);
  const ports = Object.fromEntries(shifted) as Ports;
  // RabbitMQ's management port is its port + 10000: just where a shop moved by 10000 would put its RabbitMQ.
  return offset === 0 ? ports : { ...ports, rabbitmq: ports.rabbitmq + 10 };
}

function seedProfile(value: string): Instance['seedProfile'] {
  if (value === 'tiny' || value === 'demo' || value === 'bench') return value;
  throw new LocalError(`SHOPFLEET_SEED must be tiny, demo or bench, not "${value}".`);
}

function nodeEnvironment(value: string | undefined): Instance['nodeEnv'] {
  if (value === undefined || value === '') return 'development';
  if (value === 'production' || value === 'test' || value === 'development') return value;
  throw new LocalError(`NODE_ENV must be development, test or production, not "${value}".`);
}
