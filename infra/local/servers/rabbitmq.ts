import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivate } from './files.ts';
import { operatorName } from './accounts.ts';
import { probeAmqp } from './amqp-probe.ts';
import type { Program, ProgramSpec } from './find.ts';
import { serverFolder, startServer } from './launch.ts';
import { rabbitmqDefinitions } from './rabbitmq-definitions.ts';
import { copySettings } from './settings.ts';
import type { RunningServer, ServerPlan } from './types.ts';

export const rabbitmqProgram: ProgramSpec = {
  server: 'rabbitmq',
  image: { default: 'rabbitmq:3-management', variable: 'SHOPFLEET_RABBITMQ_IMAGE' },
  commands: ['rabbitmq-server'],
  // Debian's /usr/sbin/rabbitmq-server changes the user and folder: start the script behind it.
  folders: ['/usr/lib/rabbitmq/bin'],
  packages: { apt: ['rabbitmq-server'], brew: ['rabbitmq'], units: ['rabbitmq-server'] },
};

/** A node of our own: its name, cookie, ports and port mapper are shared with no other RabbitMQ of this machine. */
export async function startRabbitmq(plan: ServerPlan, program: Program): Promise<RunningServer> {
  const folder = serverFolder(plan.dataDir, 'rabbitmq');
  const { rabbitmq: port, rabbitmqManagement: management, rabbitmqDistribution: distribution, rabbitmqPortMapper: mapper } = plan.ports;
  const everywhere = program.kind === 'docker';
  await Promise.all(['data', 'log', 'config.d'].map((name) => mkdir(join(folder, name), { recursive: true })));
  const password = plan.accounts?.password('rabbitmq', operatorName) ?? (await keptPassword(folder));
  const definitions = join(folder, 'definitions.json');
  if (plan.accounts !== undefined) writePrivate(definitions, rabbitmqDefinitions(plan.accounts));
  const account = plan.accounts === undefined ? { password } : { definitions };
  const settings = await copySettings('rabbitmq/rabbitmq.conf', folder, rabbitmqLines({ port, management, everywhere, ...account }));
  const plugins = await copySettings('rabbitmq/enabled_plugins', folder);
  // Empty files keep settings of the machine's own RabbitMQ out.
  await writeFile(join(folder, 'env.conf'), '');
  await writeFile(join(folder, 'advanced.config'), '[].\n');
  const url = rabbitmqUrl(port, password);
  return startServer({
    server: 'rabbitmq',
    program,
    imageCommand: 'rabbitmq-server',
    args: [],
    env: {
      HOME: folder,
      RABBITMQ_NODENAME: 'shopfleet@localhost',
      RABBITMQ_DIST_PORT: String(distribution),
      ERL_EPMD_PORT: String(mapper),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_LOGS: '-',
      RABBITMQ_CONFIG_FILE: settings,
      RABBITMQ_CONFIG_FILES: join(folder, 'config.d'),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
      RABBITMQ_CONF_ENV_FILE: join(folder, 'env.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
      RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'config.d'),
      RABBITMQ_PID_FILE: join(folder, 'rabbitmq.pid'),
      // Busy-waiting schedulers would take the cores from the services; the distribution needs no other address.
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}',
      // Makes the script become the node instead of its parent: one pid to watch and to signal.
      RUNNING_UNDER_SYSTEMD: 'true',
    },
    dataDir: plan.dataDir,
    ports: [
      { port },
      { port: management },
      { port: distribution, published: false },
      { port: mapper, published: false },
    ],
    url,
    managementUrl: rabbitmqManagementUrl(management, password),
    accounts: plan.accounts?.fingerprint,
    ready: () => probeAmqp(url),
    readyTimeoutMs: 90_000,
    report: plan.report,
    portVariable: plan.portVariable,
    signal: plan.signal,
  });
}

export function rabbitmqUrl(port: number, password: string): string {
  return `amqp://${operatorName}:${password}@127.0.0.1:${port}`;
}

export function rabbitmqManagementUrl(port: number, password: string): string {
  return `http://${operatorName}:${password}@127.0.0.1:${port}`;
}

type RabbitmqAccount = { readonly password: string } | { readonly definitions: string };

/**
 * Settings of one instance. `everywhere`: inside a container, whose ports are published on loopback only. The accounts are
 * those of a definitions file, loaded at each start, or a single one with a password, made at the first.
 */
export function rabbitmqLines(options: { port: number; management: number; everywhere: boolean } & RabbitmqAccount): string[] {
  const address = options.everywhere ? '0.0.0.0' : '127.0.0.1';
  return [
    `listeners.tcp.1 = ${address}:${options.port}`,
    `management.tcp.ip = ${address}`,
    `management.tcp.port = ${options.management}`,
    ...('definitions' in options ? [`load_definitions = ${options.definitions}`] : [`default_user = ${operatorName}`, `default_pass = ${options.password}`]),
  ];
}

/** The account is made when the node first starts: its password has to stay the same over the life of the data. */
async function keptPassword(folder: string): Promise<string> {
  const file = join(folder, 'password');
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const password = randomBytes(18).toString('hex');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}
