import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type ServerName, type ServerPorts, settings } from '@shopfleet/local';
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers';
import { redisDatabases } from './binary-backend.ts';
import type { ServerBackend, TestServers } from './provided.ts';

const startupMs = 120_000;

/** The servers as containers, by testcontainers. Data lies in the containers and goes with them. */
export class ContainerBackend implements ServerBackend {
  readonly description = 'containers (testcontainers)';
  readonly #instance: string;
  readonly #ports: ServerPorts;
  readonly #images: Readonly<Record<'mongo' | 'redis' | 'rabbitmq', string>>;
  readonly #password = randomBytes(12).toString('hex');
  readonly #containers = new Map<ServerName, StartedTestContainer>();

  /** `instance` labels the containers, so that whoever cleans up after us finds them. */
  constructor(instance: string, ports: ServerPorts, images: Readonly<Record<'mongo' | 'redis' | 'rabbitmq', string>>) {
    this.#instance = instance;
    this.#ports = ports;
    this.#images = images;
  }

  async start(): Promise<TestServers> {
    await Promise.all([this.#startMongod(), this.#startRedis('redis-cache'), this.#startRedis('redis-state'), this.#startRabbitmq()]);
    const ports = this.#ports;
    return {
      mongodb: settings.mongodUrl(ports.mongod),
      redisCache: settings.redisUrl(ports.redisCache),
      redisState: settings.redisUrl(ports.redisState),
      rabbitmq: settings.rabbitmqUrl(ports.rabbitmq, this.#password),
      rabbitmqManagement: settings.rabbitmqManagementUrl(ports.rabbitmqManagement, this.#password),
    };
  }

  async kill(name: ServerName): Promise<void> {
    const client = await getContainerRuntimeClient();
    await client.container.getById(this.#container(name).getId()).kill();
  }

  async restart(name: ServerName): Promise<void> {
    const client = await getContainerRuntimeClient();
    const container = client.container.getById(this.#container(name).getId());
    const { State } = await container.inspect();
    if (!State.Running) await container.start();
    await this.#untilReady(name);
  }

  async #startMongod(): Promise<void> {
    const port = this.#ports.mongod;
    const config = '/etc/shopfleet-mongod.conf';
    const container = this.#base(this.#images.mongo, 'mongod', [port])
      .withCopyContentToContainer([{ content: await settings.readSettings('mongo/mongod.conf'), target: config }])
      .withCommand(['mongod', '--config', config, '--port', String(port), '--bind_ip_all']);
    this.#containers.set('mongod', await container.start());
    await this.#untilReady('mongod');
  }

  async #startRedis(role: 'redis-cache' | 'redis-state'): Promise<void> {
    const port = role === 'redis-cache' ? this.#ports.redisCache : this.#ports.redisState;
    const config = '/etc/shopfleet-redis.conf';
    const lines = settings.redisLines({ port, data: '/data', everywhere: true, databases: redisDatabases });
    const container = this.#base(this.#images.redis, role, [port])
      .withCopyContentToContainer([{ content: `${await settings.readSettings(`redis/${role}.conf`)}${lines.join('\n')}\n`, target: config, mode: 0o644 }])
      .withCommand(['redis-server', config]);
    this.#containers.set(role, await container.start());
    await this.#untilReady(role);
  }

  async #startRabbitmq(): Promise<void> {
    const { rabbitmq: port, rabbitmqManagement: management } = this.#ports;
    const lines = settings.rabbitmqLines({ port, management, password: this.#password, everywhere: true });
    const container = this.#base(this.#images.rabbitmq, 'rabbitmq', [port, management])
      // The node's name holds its host's: a name of its own choice keeps the data readable after a restart.
      .withHostname('shopfleet-test')
      .withCopyContentToContainer([{ content: `${await settings.readSettings('rabbitmq/rabbitmq.conf')}${lines.join('\n')}\n`, target: '/etc/rabbitmq/conf.d/90-shopfleet.conf', mode: 0o644 }]);
    this.#containers.set('rabbitmq', await container.start());
    await this.#untilReady('rabbitmq');
  }

  #base(image: string, name: ServerName, ports: readonly number[]): GenericContainer {
    return (
      new GenericContainer(image)
        // The same number inside and outside: a replica set names its member by it, and a restart must find it again.
        .withExposedPorts(...ports.map((port) => ({ container: port, host: port })))
        .withLabels({ 'shopfleet.instance': this.#instance, 'shopfleet.server': name })
        .withWaitStrategy(Wait.forListeningPorts())
        .withStartupTimeout(startupMs)
    );
  }

  async #untilReady(name: ServerName): Promise<void> {
    const deadline = Date.now() + startupMs;
    for (;;) {
      try {
        return await this.#ready(name);
      } catch (error) {
        if (Date.now() > deadline) throw new Error(`${name}: its container runs but does not become ready`, { cause: error });
        await pause(100);
      }
    }
  }

  #ready(name: ServerName): Promise<void> {
    const ports = this.#ports;
    if (name === 'mongod') return settings.becomePrimary(ports.mongod);
    if (name === 'rabbitmq') return settings.probeAmqp(settings.rabbitmqUrl(ports.rabbitmq, this.#password));
    return settings.probeRedis(settings.redisUrl(name === 'redis-cache' ? ports.redisCache : ports.redisState));
  }

  #container(name: ServerName): StartedTestContainer {
    const container = this.#containers.get(name);
    if (container === undefined) throw new Error(`${name} was never started`);
    return container;
  }
}
