import { fileURLToPath } from 'node:url';
import { createEvent, orderPaid, stockLow, userRegistered, type Envelope, type EventOf } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { EventPublisher } from '@shopfleet/messaging';
import { migrate } from '@shopfleet/mongo';
import { createService, type Service } from '@shopfleet/service';
import { freshDatabase, freshRedis, freshVhost, eventually, startWorker, type Worker } from '@shopfleet/testing';
import { MongoClient, type Collection } from 'mongodb';
import { expect } from 'vitest';
import webPush from 'web-push';
import { notificationCollections } from '../src/collections.ts';
import { notificationEnvironment } from '../src/config.ts';
import type { Delivery } from '../src/deliveries/delivery.schema.ts';
import type { AudienceCounter, Notification } from '../src/inbox/notification.schema.ts';
import type { Mail } from '../src/mail/mail.schema.ts';
import { notificationService } from '../src/notification-service.ts';
import { AuthDouble } from './auth-double.ts';
import { MailboxProcess } from './mailbox-process.ts';

const internalToken = 'a-secret-of-the-tests';
const publicUrl = 'https://localhost:8080';

// Made for the tests; keys of nothing.
const { publicKey, privateKey } = webPush.generateVAPIDKeys();
const vapid = { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey };

const entry = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface WorldOptions {
  /** Another mail server than the mailbox. */
  readonly smtpUrl?: string;
  /** Runs so many built workers in processes of their own, instead of the sources in this one. */
  readonly processes?: number;
  /** Further variables of the service. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RequestOptions {
  /** Id of the user whose token is sent. */
  readonly as?: string;
  readonly roles?: string[];
  readonly partnerId?: string;
  /** True: with the key of the services among themselves. */
  readonly internal?: boolean;
  readonly method?: string;
  readonly body?: object;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The service on real servers, with a real mailbox process beside it. */
export class NotificationWorld {
  private constructor(
    readonly auth: AuthDouble,
    readonly mailbox: MailboxProcess,
    /** Empty where the service runs in this process. */
    readonly workers: Worker[],
    private readonly service: Pick<Service, 'close'> & { readonly url: string },
    private readonly publisher: EventPublisher,
    private readonly client: MongoClient,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async start({ smtpUrl, processes = 0, environment = {} }: WorldOptions = {}): Promise<NotificationWorld> {
    const [auth, mailbox, rabbitmq, redis] = await Promise.all([AuthDouble.start(internalToken), MailboxProcess.start(), freshVhost(), freshRedis('state')]);
    const mongodb = freshDatabase();
    await migrate(mongodb, notificationCollections);
    const environmentOfWorkers = {
      NODE_ENV: 'test', LOG_LEVEL: 'error', PUBLIC_URL: publicUrl, GATEWAY_URL: auth.url, INTERNAL_TOKEN: internalToken,
      MONGODB_URI: mongodb, REDIS_STATE_URL: redis, RABBITMQ_URL: rabbitmq, SMTP_URL: smtpUrl ?? mailbox.smtpUrl, LOADTEST_CIDR: '127.0.0.1/32',
      NOTIFICATION_SECRET: 'another-secret-of-the-tests', OUTBOUND_ALLOWED_ADDRESSES: '127.0.0.1/32', STAFF_EMAIL: 'staff@example.com', ALERT_EMAIL: 'ops@example.com', ...vapid, ...environment,
    };
    const workers = await Promise.all(Array.from({ length: processes }, () => startWorker(entry, environmentOfWorkers)));
    const service = workers[0] === undefined ? await inThisProcess(environmentOfWorkers) : { url: workers[0].url, close: async () => void (await Promise.all(workers.map((worker) => worker.kill()))) };
    const publisher = new EventPublisher({ url: rabbitmq, service: 'test' });
    // What is published before the service has bound its queue would go past it.
    await eventually(async () => expect(await (await fetch(`${service.url}/ready`)).json()).toMatchObject({ ready: true, checks: [{ ok: true }, { ok: true }, { ok: true }] }));
    await eventually(() => publisher.available);
    return new NotificationWorld(auth, mailbox, workers, service, publisher, await MongoClient.connect(mongodb), environmentOfWorkers);
  }

  get mails(): Collection<Mail> {
    return this.client.db().collection('mails');
  }

  get notifications(): Collection<Notification> {
    return this.client.db().collection('notifications');
  }

  get deliveries(): Collection<Delivery> {
    return this.client.db().collection('deliveries');
  }

  get counters(): Collection<AudienceCounter> {
    return this.client.db().collection('audience_counters');
  }

  get url(): string {
    return this.service.url;
  }

  get outbox(): Collection {
    return this.client.db().collection('outbox');
  }

  /** Publishes on the real broker, as often as said. */
  async publish(event: Envelope, times = 1): Promise<void> {
    for (let time = 0; time < times; time++) {
      const { failed } = await this.publisher.publish([event]);
      expect(failed).toEqual([]);
    }
  }

  get redisUrl(): string {
    return this.environment['REDIS_STATE_URL'] ?? '';
  }

  get rabbitmqUrl(): string {
    return this.environment['RABBITMQ_URL'] ?? '';
  }

  /** Publishes as the relay does: again and again until the broker has confirmed. */
  async publishUntilConfirmed(event: Envelope): Promise<void> {
    await eventually(async () => expect((await this.publisher.publish([event])).failed).toEqual([]), { timeoutMs: 120_000, intervalMs: 200 });
  }

  /** Kills a worker with -9 and starts another in its place, as PM2 does. */
  async replaceWorker(index: number): Promise<void> {
    await this.workers[index]?.kill('SIGKILL');
    this.workers[index] = await startWorker(entry, this.environment, { readyTimeoutMs: 90_000 });
  }

  /** Resolves when an event published after all others has had its effect: those before have been handled or wait for a retry. */
  async settled(): Promise<void> {
    const marker = registered({ name: 'marker' });
    this.auth.mailTokens.set(marker.data.tokenRef, 'marker');
    await this.publish(marker);
    await eventually(async () => expect(await this.mails.countDocuments({ to: marker.data.contact.email, state: 'sent' })).toBe(1));
  }

  async request(path: string, options: RequestOptions = {}): Promise<Response> {
    const { as, roles = ['customer'], partnerId, internal = false, method = 'GET', body, raw = body && JSON.stringify(body) } = options;
    const headers: Record<string, string> = {
      ...options.headers,
      ...(as !== undefined && { authorization: `Bearer ${await this.auth.accessToken(as, roles, publicUrl, partnerId)}` }),
      ...(internal && { 'x-internal-token': internalToken }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    return await fetch(`${this.service.url}${path}`, { method, headers, ...(raw !== undefined && { body: raw }) });
  }

  /** Low stock of a new SKU, which is resolved. */
  async publishLowStock(): Promise<string> {
    const sku = newId('sku');
    await this.publish(createEvent(stockLow, { source: 'product', subject: sku, data: { sku, productId: newId('prd'), available: 2, lowAt: 5 } }));
    return sku;
  }

  async close(): Promise<void> {
    await this.publisher.onApplicationShutdown();
    await this.service.close();
    await Promise.all([this.client.close(), this.auth.close(), this.mailbox.close()]);
  }
}

async function inThisProcess(environment: Record<string, string>): Promise<{ url: string; close: () => Promise<void> }> {
  const service = await createService(notificationService(notificationEnvironment.parse({ ...environment, PORT: '0' })));
  return { url: await service.listen(0), close: service.close };
}

const someone = (): { userId: string; email: string } => {
  const userId = newId('usr');
  return { userId, email: `${userId}@example.com` };
};

/** A registration by somebody new. */
export function registered({ name = 'Ada Example', locale = 'en' } = {}): EventOf<typeof userRegistered> {
  const { userId, email } = someone();
  const data = { userId, contact: { email, locale }, name, tokenRef: newId('mal') };
  return createEvent(userRegistered, { source: 'auth', subject: userId, data }) as EventOf<typeof userRegistered>;
}

/** A paid order of somebody new; a guest's with `guest`. */
export function paid({ locale = 'en', guest = false, productName = 'Brass desk lamp', userId: given = '' } = {}): EventOf<typeof orderPaid> {
  const { userId, email } = someone();
  const { userId: _exampleUser, ...example } = orderPaid.example;
  const orderId = newId('ord');
  const data = {
    ...example,
    orderId,
    ...(!guest && { userId: given === '' ? userId : given }),
    contact: { email, locale },
    lines: example.lines.map((line) => ({ ...line, name: productName })),
  };
  return createEvent(orderPaid, { source: 'order', subject: orderId, data }) as EventOf<typeof orderPaid>;
}
