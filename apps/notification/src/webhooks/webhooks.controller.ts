import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Roles, type Principal } from '@shopfleet/identity';
import { problemSchema } from '@shopfleet/service';
import type { z } from 'zod';
import {
  deliveriesOut, deliveriesQuery, deliveryOut, deliveryParameter, endpointChange, endpointIn, endpointOut, endpointParameter, endpointsOut,
  type DeliveriesQuery, type DeliveryView, type EndpointChange, type EndpointIn, type EndpointView,
} from './webhooks.requests.ts';
import { WebhooksService } from './webhooks.service.ts';

@ApiTags('webhooks')
@Roles('partner-owner')
@Controller('api/notifications/webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Your endpoints' })
  @ApiResponse({ status: 200, standardSchema: endpointsOut })
  async list(@CurrentPrincipal() principal: Principal): Promise<z.infer<typeof endpointsOut>> {
    return { items: await this.webhooks.list(principal) };
  }

  @Post()
  @HttpCode(201)
  @Header('cache-control', 'private, no-store')
  @ApiOperation({
    summary: 'Have events posted to an address of yours',
    description: 'Each post carries webhook-id (the same at every try) and webhook-signature: t=<seconds>,v1=<HMAC-SHA-256 of "id.t.body" by the secret>. Answer 2xx within 10 s; anything else is tried again for a day.',
  })
  @ApiResponse({ status: 201, standardSchema: endpointOut })
  @ApiResponse({ status: 400, standardSchema: problemSchema })
  @ApiResponse({ status: 403, standardSchema: problemSchema })
  async add(@CurrentPrincipal() principal: Principal, @Body({ schema: endpointIn }) body: EndpointIn): Promise<EndpointView> {
    return await this.webhooks.add(principal, body);
  }

  @Get('deliveries')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'What was delivered to your endpoints or waits for it, newest first' })
  @ApiResponse({ status: 200, standardSchema: deliveriesOut })
  async deliveries(@CurrentPrincipal() principal: Principal, @Query({ schema: deliveriesQuery }) query: DeliveriesQuery): Promise<z.infer<typeof deliveriesOut>> {
    return await this.webhooks.listDeliveries(principal, query);
  }

  @Post('deliveries/:id/redeliver')
  @HttpCode(202)
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Deliver it once more, under the same webhook-id' })
  @ApiResponse({ status: 202, standardSchema: deliveryOut })
  @ApiResponse({ status: 404, standardSchema: problemSchema })
  async redeliver(@CurrentPrincipal() principal: Principal, @Param({ schema: deliveryParameter }) { id }: z.infer<typeof deliveryParameter>): Promise<DeliveryView> {
    return await this.webhooks.redeliver(principal, id);
  }

  @Get(':id')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'One of your endpoints' })
  @ApiResponse({ status: 200, standardSchema: endpointOut })
  @ApiResponse({ status: 404, standardSchema: problemSchema })
  async get(@CurrentPrincipal() principal: Principal, @Param({ schema: endpointParameter }) { id }: z.infer<typeof endpointParameter>): Promise<EndpointView> {
    return await this.webhooks.get(principal, id);
  }

  @Patch(':id')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Change an endpoint, pause it (active: false) or give it a new secret' })
  @ApiResponse({ status: 200, standardSchema: endpointOut })
  @ApiResponse({ status: 404, standardSchema: problemSchema })
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: endpointParameter }) { id }: z.infer<typeof endpointParameter>,
    @Body({ schema: endpointChange }) change: EndpointChange,
  ): Promise<EndpointView> {
    return await this.webhooks.change(principal, id, change);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove an endpoint and what waits for it' })
  @ApiResponse({ status: 204 })
  @ApiResponse({ status: 404, standardSchema: problemSchema })
  async remove(@CurrentPrincipal() principal: Principal, @Param({ schema: endpointParameter }) { id }: z.infer<typeof endpointParameter>): Promise<void> {
    await this.webhooks.remove(principal, id);
  }
}
