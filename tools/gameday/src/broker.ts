import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readRunFile } from '@shopfleet/local';
import type { Stage } from './stage.ts';

const run = promisify(execFile);

export interface Message {
  readonly exchange: string;
  readonly key: string;
  readonly type: string;
  readonly id: string;
  /** As it goes over the wire, which need not be JSON. */
  readonly body: string;
}

/** RabbitMQ as its operator sees it: the management interface and rabbitmqctl, under the operator's account. */
export class Broker {
  readonly #stage: Stage;
  readonly #url: string;
  readonly #authorization: string;

  /** @throws Error for a broker that npm start has not started */
  constructor(stage: Stage) {
    const management = readRunFile(stage.instance)?.operator?.['RABBITMQ_MANAGEMENT_URL'];
    if (management === undefined) throw new Error('the management interface of RabbitMQ is not known: this game day needs the broker that npm start starts');
    const { origin, username, password } = new URL(management);
    this.#stage = stage;
    this.#url = origin;
    this.#authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  /** @throws Error when no queue takes it */
  async publish({ exchange, key, type, id, body }: Message): Promise<void> {
    const properties = { delivery_mode: 2, content_type: 'application/json', message_id: id, type, app_id: 'gameday' };
    const { routed } = await this.#ask<{ routed: boolean }>(`exchanges/%2F/${exchange === '' ? 'amq.default' : exchange}/publish`, { properties, routing_key: key, payload: body, payload_encoding: 'string' });
    if (!routed) throw new Error(`no queue takes ${key}`);
  }

  /** Messages that were handed to a worker and not acknowledged; the broker's figures are up to five seconds old. */
  async unacked(queue: string): Promise<number> {
    return (await this.#ask<{ messages_unacknowledged?: number }>(`queues/%2F/${queue}`)).messages_unacknowledged ?? Number.NaN;
  }

  /** How much has to be free on its disk, in bytes, and whether it is less and messages are taken no more. */
  async disk(): Promise<{ readonly limit: number; readonly isAlarmed: boolean }> {
    const [node] = await this.#ask<{ disk_free_limit: number; disk_free_alarm: boolean }[]>('nodes');
    return { limit: node?.disk_free_limit ?? 0, isAlarmed: node?.disk_free_alarm === true };
  }

  async limitDisk(limit: string): Promise<void> {
    this.#stage.tell(`rabbitmqctl set_disk_free_limit ${limit}`);
    const { containerId, program = '', folder = '' } = await this.#stage.serverOf('rabbitmq');
    const words = ['set_disk_free_limit', limit];
    if (containerId !== undefined) return void (await run('docker', ['exec', containerId, 'rabbitmqctl', ...words]));
    const { rabbitmqPortMapper } = this.#stage.instance.ports;
    // The node's own cookie and port mapper (infra/local/servers/rabbitmq.ts), with no settings of this machine's RabbitMQ.
    const node = { HOME: folder, RABBITMQ_NODENAME: 'shopfleet@localhost', ERL_EPMD_PORT: String(rabbitmqPortMapper), RABBITMQ_CONF_ENV_FILE: join(folder, 'env.conf') };
    await run(join(dirname(program), 'rabbitmqctl'), words, { env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...node } });
  }

  async #ask<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#url}/api/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`the broker answers ${response.status} to ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}
