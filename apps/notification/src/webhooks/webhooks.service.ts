import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@shopfleet/identity';
import { AppError, decodeCursor, encodeCursor, newId } from '@shopfleet/kernel';
import { SafeHttpClient } from '@shopfleet/webhooks';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.ts';
import type { Delivery } from '../deliveries/delivery.schema.ts';
import type { DeliveryWorker } from '../deliveries/delivery.worker.ts';
import { EndpointSecrets } from './endpoint-secrets.ts';
import type { WebhookEndpoint } from './webhook-endpoint.schema.ts';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.ts';
import type { DeliveriesQuery, DeliveryView, EndpointChange, EndpointIn, EndpointView } from './webhooks.requests.ts';

/** Token of the {@link DeliveryWorker} for webhooks. */
export const WEBHOOK_WORKER = Symbol('WEBHOOK_WORKER');

const endpointsPerPartner = 10;

/** A merchant's endpoints and what was delivered to them. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly secrets: EndpointSecrets,
    private readonly http: SafeHttpClient,
    @Inject(WEBHOOK_WORKER) private readonly worker: DeliveryWorker,
  ) {}

  /** @throws AppError validation-failed for an address that is not for us to call, conflict when there are ten already */
  async add(principal: Principal, { url, events }: EndpointIn): Promise<EndpointView> {
    const partnerId = partnerOf(principal);
    this.http.check(url);
    if ((await this.endpoints.findAllOf(partnerId)).length >= endpointsPerPartner) {
      throw new AppError('conflict', { detail: `There are ${endpointsPerPartner} endpoints already; remove one first.` });
    }
    const endpoint: WebhookEndpoint = { _id: newId('whe'), partnerId, url, events, active: true, secretVersion: 1, createdAt: new Date() };
    await this.endpoints.add(endpoint);
    return { ...view(endpoint), secret: this.secrets.of(endpoint) };
  }

  async list(principal: Principal): Promise<EndpointView[]> {
    return (await this.endpoints.findAllOf(partnerOf(principal))).map(view);
  }

  /** @throws AppError not-found also for another merchant's */
  async get(principal: Principal, id: string): Promise<EndpointView> {
    const endpoint = await this.endpoints.find(id);
    if (endpoint?.partnerId !== partnerOf(principal)) throw unknownEndpoint(id);
    return view(endpoint);
  }

  async change(principal: Principal, id: string, { newSecret, ...change }: EndpointChange): Promise<EndpointView> {
    if (change.url !== undefined) this.http.check(change.url);
    const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Parameters<WebhookEndpointsRepository['change']>[2];
    const changed = await this.endpoints.change(id, partnerOf(principal), set, newSecret === true);
    if (changed === undefined) throw unknownEndpoint(id);
    return { ...view(changed), ...(newSecret === true && { secret: this.secrets.of(changed) }) };
  }

  async remove(principal: Principal, id: string): Promise<void> {
    if (!(await this.endpoints.remove(id, partnerOf(principal)))) throw unknownEndpoint(id);
    await this.deliveries.dropPendingOf(id);
  }

  /** @throws AppError validation-failed for a wrong cursor */
  async listDeliveries(principal: Principal, { endpointId, cursor, limit }: DeliveriesQuery): Promise<{ items: DeliveryView[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : positionOf(cursor);
    // One more than asked for tells whether there is a next page.
    const found = await this.deliveries.findPageOf(`partner:${partnerOf(principal)}`, { target: endpointId, after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(viewOfDelivery), nextCursor: found.length > limit && last !== undefined ? encodeCursor([last.createdAt.getTime(), last._id]) : null };
  }

  /** @throws AppError not-found also for another merchant's */
  async redeliver(principal: Principal, id: string): Promise<DeliveryView> {
    const delivery = await this.deliveries.restart(id, `partner:${partnerOf(principal)}`);
    if (delivery === undefined) throw new AppError('not-found', { detail: `There is no delivery ${id} of yours; GET /api/notifications/webhooks/deliveries lists them.` });
    this.worker.announce(id, delivery.round);
    return viewOfDelivery(delivery);
  }
}

function positionOf(cursor: string): { createdAt: Date; id: string } {
  const [time, id] = decodeCursor(cursor, 2);
  const createdAt = new Date(Number(time));
  if (!Number.isNaN(createdAt.getTime())) return { createdAt, id: String(id) };
  throw new AppError('validation-failed', { detail: 'The cursor is not one that this list gave out; start again without it.', errors: [{ pointer: '/cursor', message: 'not a cursor of this list' }] });
}

function partnerOf({ partnerId }: Principal): string {
  if (partnerId === undefined) throw new AppError('forbidden', { detail: 'Webhooks belong to a merchant, and your account belongs to none; ask the shop to connect it.' });
  return partnerId;
}

function unknownEndpoint(id: string): AppError {
  return new AppError('not-found', { detail: `There is no webhook endpoint ${id} of yours; GET /api/notifications/webhooks lists them.` });
}

function view({ _id, url, events, active, createdAt }: WebhookEndpoint): EndpointView {
  return { id: _id, url, events: [...events], active, createdAt: createdAt.toISOString() };
}

function viewOfDelivery({ _id, target, kind, state, attempts, nextAttemptAt, tries, createdAt }: Delivery): DeliveryView {
  return {
    id: _id,
    endpointId: target,
    event: kind,
    state,
    attempts,
    ...(state === 'pending' && { nextAttemptAt: nextAttemptAt.toISOString() }),
    tries: tries.map(({ at, status, error, ms }) => ({ at: at.toISOString(), ...(status !== undefined && { status }), ...(error !== undefined && { error }), ms })),
    createdAt: createdAt.toISOString(),
  };
}
