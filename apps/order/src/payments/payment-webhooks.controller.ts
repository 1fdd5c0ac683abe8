import { Controller, HttpCode, Post, Req, type RawBodyRequest } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@shopfleet/identity';
import { Unlimited } from '@shopfleet/rate-limit';
import { problemSchema } from '@shopfleet/service';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Settlements } from '../checkout/settlements.ts';
import { PaymentProvider } from './payment-provider.ts';

const takenSchema = z.strictObject({ taken: z.boolean() }).meta({ id: 'WebhookTaken' });

/**
 * What the payment provider tells by itself. A message may come late, twice or before the answer it belongs to: the
 * payment's own state decides whether anything follows from it, so a replay does nothing.
 */
@ApiTags('payments')
@Controller('api/orders/webhooks/payments')
export class PaymentWebhooksController {
  constructor(
    private readonly provider: PaymentProvider,
    private readonly settlements: Settlements,
  ) {}

  @Post()
  @Public()
  @Unlimited('only who knows the secret gets past the signature, and the provider sends from few addresses')
  @HttpCode(200)
  @ApiOperation({ summary: 'Messages of the payment provider, signed over timestamp and raw body' })
  @ApiHeader({ name: 'Webhook-Signature', required: true, description: 't=seconds,v1=hex of HMAC-SHA-256; at most 300 s old (Stripe: Stripe-Signature)' })
  @ApiHeader({ name: 'Webhook-Id', required: true, description: 'Names the message' })
  @ApiResponse({ status: 200, standardSchema: takenSchema, description: 'Heard; `taken` is false for what does not concern the shop' })
  @ApiResponse({ status: 401, standardSchema: problemSchema, description: 'Signature or timestamp is wrong' })
  async hear(@Req() request: RawBodyRequest<FastifyRequest>): Promise<z.infer<typeof takenSchema>> {
    const notice = this.provider.readWebhook(request.headers, request.rawBody ?? Buffer.alloc(0), new Date());
    return { taken: notice !== undefined && (await this.settlements.learn(notice.paymentId, notice.outcome)) };
  }
}
