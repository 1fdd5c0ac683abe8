import { Body, Controller, Get, Header, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, OptionalIdentity, Roles, type Principal } from '@shopfleet/identity';
import { problemSchema } from '@shopfleet/service';
import { OrderAccess } from './order-access.ts';
import { presentOrder, presentTimeline } from './orders.presenter.ts';
import {
  orderListQuerySchema,
  orderListSchema,
  orderParamsSchema,
  orderSchema,
  shipSchema,
  timelineSchema,
  type OrderListQuery,
  type OrderListView,
  type OrderParams,
  type OrderView,
  type ShipBody,
  type TimelineView,
} from './orders.schema.ts';
import { OrdersService } from './orders.service.ts';

const notFound = ApiResponse({ status: 404, standardSchema: problemSchema, description: "No such order, or somebody else's" });
const illegal = ApiResponse({ status: 409, standardSchema: problemSchema, description: 'Not possible in the current state' });
const orderToken = ApiHeader({ name: 'X-Order-Token', required: false, description: "The orderToken of a guest's order" });

@ApiTags('orders')
@Controller('api/orders')
export class OrdersController {
  constructor(
    private readonly orders: OrdersService,
    private readonly access: OrderAccess,
  ) {}

  @Get()
  @Authenticated()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: "A customer's own orders, the newest first; staff see everybody's" })
  @ApiResponse({ status: 200, standardSchema: orderListSchema })
  async list(@Query({ schema: orderListQuerySchema }) query: OrderListQuery, @CurrentPrincipal() principal: Principal): Promise<OrderListView> {
    return this.orders.list(query, principal);
  }

  @Get(':id')
  @OptionalIdentity()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'One order by its id or number' })
  @ApiResponse({ status: 200, standardSchema: orderSchema })
  @orderToken
  @notFound
  async get(
    @Param({ schema: orderParamsSchema }) { id }: OrderParams,
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-order-token') token: string | undefined,
  ): Promise<OrderView> {
    return presentOrder(await this.access.find(id, { principal, orderToken: token }));
  }

  @Get(':id/timeline')
  @OptionalIdentity()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'What happened to an order, and when' })
  @ApiResponse({ status: 200, standardSchema: timelineSchema })
  @orderToken
  @notFound
  async timeline(
    @Param({ schema: orderParamsSchema }) { id }: OrderParams,
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-order-token') token: string | undefined,
  ): Promise<TimelineView> {
    return presentTimeline(await this.access.find(id, { principal, orderToken: token }));
  }

  @Post(':id/ship')
  @Roles('employee')
  @HttpCode(200)
  @ApiOperation({ summary: 'Hand a paid order to the carrier' })
  @ApiResponse({ status: 200, standardSchema: orderSchema })
  @notFound
  @illegal
  async ship(
    @Param({ schema: orderParamsSchema }) { id }: OrderParams,
    @Body({ schema: shipSchema }) { tracking }: ShipBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<OrderView> {
    return presentOrder(await this.orders.ship(id, tracking, principal));
  }

  @Post(':id/deliver')
  @Roles('employee')
  @HttpCode(200)
  @ApiOperation({ summary: 'Note that the parcel has arrived' })
  @ApiResponse({ status: 200, standardSchema: orderSchema })
  @notFound
  @illegal
  async deliver(@Param({ schema: orderParamsSchema }) { id }: OrderParams, @CurrentPrincipal() principal: Principal): Promise<OrderView> {
    return presentOrder(await this.orders.deliver(id, principal));
  }
}
