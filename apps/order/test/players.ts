import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createEvent, productCreated, stockRejected, stockReserved, type Envelope, type EventOf, type orderPlaced } from '@shopfleet/contracts';
import { accessTokenAudience, accessTokenType } from '@shopfleet/identity';
import { newId, type Money } from '@shopfleet/kernel';
import { EventPublisher, MessagingModule, RabbitMqStrategy } from '@shopfleet/messaging';
import { eventually } from '@shopfleet/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

/** What a shopper chose for the whole cart. */
export interface CartChoices {
  readonly couponCode?: string;
  readonly shippingMethod?: string;
}

export interface Gateway {
  readonly url: string;
  /** An access token as the auth service would issue it. */
  tokenFor(user: { userId: string; roles?: readonly string[]; email?: string; locale?: string }): Promise<string>;
  /** What is in a shopper's cart from now on: by user id, or by cart token (renewed: `<token>~2`). */
  fillCart(shopper: string, lines: readonly CartLine[], choices?: CartChoices): void;
  close(): Promise<void>;
}

export const issuer = 'https://localhost:8080';
export const internalToken = 'internal-token-of-tests';

/** What order meets behind the gateway: auth's key set and the cart service. */
export async function startGateway(): Promise<Gateway> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }];
  const carts = new Map<string, CartChoices & { readonly lines: readonly CartLine[] }>();
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/jwks.json') return answer(200, { keys });
    if (request.url !== '/internal/cart/carts/current') return answer(404, { detail: 'not here' });
    if (request.headers['x-internal-token'] !== internalToken) return answer(403, { detail: 'not from inside' });
    const shopper = request.headers.authorization === undefined ? String(request.headers['x-cart-token']) : subjectOf(request.headers.authorization);
    const cart = cartOf(shopper);
    return answer(200, { id: `crt_${cart}`, version: 1, lines: [], ...carts.get(cart), subtotal: null });
  });
  return {
    url: await listening(server),
    tokenFor: ({ userId, roles = ['customer'], email = `${userId}@example.com`, locale }) =>
      new SignJWT({ sid: 'ses_test', roles, email, ...(locale !== undefined && { locale }) })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'test', typ: accessTokenType })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(accessTokenAudience)
        .setIssuedAt()
        .setExpirationTime('15m')
        .sign(privateKey),
    fillCart: (shopper, lines, choices = {}) => void carts.set(shopper, { lines, ...choices }),
    close: () => closed(server),
  };
}

/** A guest's token is renewed for the same cart: what follows the tilde is the token's age. */
const cartOf = (token: string): string => token.split('~', 1)[0] ?? token;

const subjectOf = (authorization: string): string => {
  const payload: unknown = JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString());
  return typeof payload === 'object' && payload !== null && 'sub' in payload ? String(payload.sub) : '';
};

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Plays the product service on the real broker: answers each placed order with a hold or a refusal, and keeps all events. */
export class ProductPlayer {
  readonly stock = new Map<string, number>();
  readonly events: Envelope[] = [];
  /** While false it answers nothing. */
  answering = true;
  /** How often each answer is published. */
  copies = 1;
  /** How long a hold lasts. */
  holdMs = 900_000;
  private readonly held = new Set<string>();

  private constructor(
    private readonly publisher: EventPublisher,
    private readonly app: NestFastifyApplication,
  ) {}

  static async start(url: string): Promise<ProductPlayer> {
    const ears: ProductPlayer[] = [];
    const module = playerModule(url, async (event) => {
      for (const player of ears) await player.hear(event);
    });
    // A plain application rather than a microservice: the strategy comes out of the module itself.
    const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter());
    app.connectMicroservice({ strategy: app.get(RabbitMqStrategy) });
    const player = new ProductPlayer(app.get(EventPublisher), app);
    ears.push(player);
    await app.startAllMicroservices();
    await eventually(() => app.get(RabbitMqStrategy).connected);
    return player;
  }

  /** Tells of products, one variant each. */
  async sell(skus: Readonly<Record<string, { price: Money; stock: number; version?: number }>>): Promise<void> {
    const envelopes = Object.entries(skus).map(([sku, { price, stock, version = 1 }]) => {
      this.stock.set(sku, stock);
      const productId = `prd_${sku}`;
      const variant = { sku, productId, partnerId: 'prt_house', name: `Product ${sku}`, variantName: 'only', price, taxClass: 'standard', weightGrams: 100, version, active: true };
      const data = { productId, version, slug: sku.toLowerCase(), name: variant.name, status: 'active' as const, categoryIds: [], partnerId: 'prt_house', variants: [variant] };
      return createEvent(productCreated, { source: 'product', subject: productId, data });
    });
    await this.publish(envelopes);
  }

  async publish(envelopes: readonly Envelope[]): Promise<void> {
    await eventually(() => this.publisher.available);
    const { failed } = await this.publisher.publish(envelopes);
    if (failed.length > 0) throw new Error(`not published: ${JSON.stringify(failed)}`);
  }

  /** Types of the events about one order, in the order of their arrival. */
  typesOf(orderId: string): string[] {
    return this.events.filter(({ subject }) => subject === orderId).map(({ type }) => type);
  }

  async answer(event: EventOf<typeof orderPlaced>): Promise<void> {
    const { orderId, lines } = event.data;
    const about = { source: 'product', subject: orderId, causedBy: event };
    const shortages = this.held.has(orderId) ? [] : lines.filter(({ sku, quantity }) => (this.stock.get(sku) ?? 0) < quantity);
    if (!this.held.has(orderId) && shortages.length === 0) {
      this.held.add(orderId);
      for (const { sku, quantity } of lines) this.stock.set(sku, (this.stock.get(sku) ?? 0) - quantity);
    }
    const answer =
      shortages.length > 0
        ? createEvent(stockRejected, { ...about, data: { orderId, shortages: shortages.map(({ sku, quantity }) => ({ sku, requested: quantity, available: this.stock.get(sku) ?? 0 })) } })
        : createEvent(stockReserved, {
            ...about,
            data: { orderId, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })), expiresAt: new Date(Date.now() + this.holdMs).toISOString() },
          });
    await this.publish(Array.from({ length: this.copies }, () => answer));
  }

  async close(): Promise<void> {
    await this.app.close();
  }

  private async hear(event: Envelope): Promise<void> {
    if (this.events.some(({ id }) => id === event.id)) return;
    this.events.push(event);
    if (event.type === 'order.placed.v1' && this.answering) await this.answer(event as EventOf<typeof orderPlaced>);
  }
}

function playerModule(url: string, hear: (event: Envelope) => Promise<void>): Type {
  @Controller()
  class Ear {
    @EventPattern<string>('order.placed.v1')
    placed(@Payload() event: Envelope): Promise<void> {
      return hear(event);
    }
    @EventPattern<string>('order.paid.v1')
    paid(@Payload() event: Envelope): Promise<void> {
      return hear(event);
    }
    @EventPattern<string>('order.cancelled.v1')
    cancelled(@Payload() event: Envelope): Promise<void> {
      return hear(event);
    }
    @EventPattern<string>('order.rejected.v1')
    rejected(@Payload() event: Envelope): Promise<void> {
      return hear(event);
    }
    @EventPattern<string>('order.expired.v1')
    expired(@Payload() event: Envelope): Promise<void> {
      return hear(event);
    }
    @EventPattern<string>('payment.succeeded.v1')
    captured(@Payload() event: Envelope): Promise<void> {
      return hear(event);
    }
    @EventPattern<string>('payment.failed.v1')
    declined(@Payload() event: Envelope): Promise<void> {
      return hear(event);
    }
    @EventPattern<string>('payment.refunded.v1')
    refunded(@Payload() event: Envelope): Promise<void> {
      return hear(event);
    }
  }
  @Module({ imports: [MessagingModule.forRoot({ url, service: 'player' })], controllers: [Ear] })
  class PlayerModule {}
  return PlayerModule;
}

/** A new shopper's id, so that tests do not meet. */
export const aShopper = (): string => newId('usr');
