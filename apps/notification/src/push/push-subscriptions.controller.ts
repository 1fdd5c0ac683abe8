import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, Public, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { problemSchema } from '@shopfleet/service';
import { SafeHttpClient } from '@shopfleet/webhooks';
import { z } from 'zod';
import type { PushSubscriptionRow } from './push-subscription.schema.ts';
import { PushSubscriptionsRepository } from './push-subscriptions.repository.ts';
import { VAPID, type Vapid } from './vapid.ts';

const browsersPerUser = 20;

const base64url = (bytes: number) =>
  z.string().regex(/^[\w-]+={0,2}$/u, 'must be base64url').refine((text) => Buffer.from(text, 'base64url').length === bytes, `must be ${bytes} bytes`);

const subscriptionIn = z
  .strictObject({
    endpoint: z.url().max(1_000),
    keys: z.strictObject({ p256dh: base64url(65), auth: base64url(16) }),
    // Browsers send it along; push services clean up by themselves.
    expirationTime: z.number().nullable().optional(),
  })
  .describe('what PushManager.subscribe() gives, as JSON');
const subscriptionOut = z.strictObject({ id: z.string(), service: z.string().describe('host of the push service'), createdAt: z.iso.datetime() }).meta({ id: 'PushSubscription' });
const subscriptionsOut = z.strictObject({ items: z.array(subscriptionOut) }).meta({ id: 'PushSubscriptionList' });
const keyOut = z.strictObject({ publicKey: z.string().describe('applicationServerKey for PushManager.subscribe()') }).meta({ id: 'PushKey' });
const idParameter = z.strictObject({ id: z.string().regex(/^psb_[0-9a-f]{32}$/u, 'is not the id of a push subscription') });

@ApiTags('notifications')
@Controller('api/notifications')
export class PushSubscriptionsController {
  constructor(
    private readonly subscriptions: PushSubscriptionsRepository,
    private readonly http: SafeHttpClient,
    @Inject(VAPID) private readonly vapid: Vapid | undefined,
  ) {}

  @Get('push-key')
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The public key that a browser subscribes with' })
  @ApiResponse({ status: 200, standardSchema: keyOut })
  @ApiResponse({ status: 404, standardSchema: problemSchema })
  key(): z.infer<typeof keyOut> {
    return { publicKey: this.required().publicKey };
  }

  @Get('push-subscriptions')
  @Authenticated()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Your browsers that get push messages' })
  @ApiResponse({ status: 200, standardSchema: subscriptionsOut })
  async list(@CurrentPrincipal() { userId }: Principal): Promise<z.infer<typeof subscriptionsOut>> {
    return { items: (await this.subscriptions.findAllOf([userId])).map(view) };
  }

  @Post('push-subscriptions')
  @Authenticated()
  @HttpCode(201)
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Tell this browser by push, too; doing it again renews its keys' })
  @ApiResponse({ status: 201, standardSchema: subscriptionOut })
  @ApiResponse({ status: 400, standardSchema: problemSchema })
  async add(@CurrentPrincipal() { userId }: Principal, @Body({ schema: subscriptionIn }) { endpoint, keys }: z.infer<typeof subscriptionIn>): Promise<z.infer<typeof subscriptionOut>> {
    this.required();
    this.http.check(endpoint, 'endpoint');
    const known = await this.subscriptions.findAllOf([userId]);
    if (known.length >= browsersPerUser && !known.some((row) => row.endpoint === endpoint)) {
      throw new AppError('conflict', { detail: `You have ${browsersPerUser} browsers already; remove one by DELETE /api/notifications/push-subscriptions/{id} first.` });
    }
    return view(await this.subscriptions.save(userId, endpoint, keys));
  }

  @Delete('push-subscriptions/:id')
  @Authenticated()
  @HttpCode(204)
  @ApiOperation({ summary: 'No more push messages to this browser' })
  @ApiResponse({ status: 204 })
  @ApiResponse({ status: 404, standardSchema: problemSchema })
  async remove(@CurrentPrincipal() { userId }: Principal, @Param({ schema: idParameter }) { id }: z.infer<typeof idParameter>): Promise<void> {
    if (!(await this.subscriptions.remove(id, userId))) throw new AppError('not-found', { detail: `You have no push subscription ${id}.` });
  }

  private required(): Vapid {
    if (this.vapid === undefined) throw new AppError('not-found', { detail: 'This shop sends no push messages: its operator has set no VAPID keys.' });
    return this.vapid;
  }
}

function view({ _id, endpoint, createdAt }: PushSubscriptionRow): z.infer<typeof subscriptionOut> {
  return { id: _id, service: new URL(endpoint).host, createdAt: createdAt.toISOString() };
}
