import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIntent, Idempotent, type Intent } from '@shopfleet/idempotency';
import { CurrentPrincipal, OptionalIdentity, Roles, type Principal } from '@shopfleet/identity';
import { problemSchema } from '@shopfleet/service';
import { OrderAccess } from '../orders/order-access.ts';
import { presentOrder } from '../orders/orders.presenter.ts';
import { orderParamsSchema, orderSchema, type OrderParams, type OrderView } from '../orders/orders.schema.ts';
import type { Refund } from './refund.ts';
import { refundRequestSchema, refundSchema, returnRequestSchema, type RefundRequestBody, type RefundView, type ReturnRequestBody } from './refunds.schema.ts';
import { RefundsService } from './refunds.service.ts';

const problem = (status: number, description: string): MethodDecorator => ApiResponse({ status, standardSchema: problemSchema, description });

@ApiTags('orders')
@Controller('api/orders')
export class RefundsController {
  constructor(
    private readonly refunds: RefundsService,
    private readonly access: OrderAccess,
  ) {}

  @Post(':id/returns')
  @OptionalIdentity()
  @Idempotent()
  @HttpCode(201)
  @ApiOperation({ summary: 'Send back a part of a delivered order, or all of it' })
  @ApiHeader({ name: 'X-Order-Token', required: false, description: "The orderToken of a guest's order" })
  @ApiResponse({ status: 201, standardSchema: orderSchema })
  @problem(404, "No such order, or somebody else's")
  @problem(409, 'Not delivered, or more than was bought')
  async requestReturn(
    @Param({ schema: orderParamsSchema }) { id }: OrderParams,
    @Body({ schema: returnRequestSchema }) body: ReturnRequestBody,
    @CurrentPrincipal() principal: Principal | undefined,
    @CurrentIntent() intent: Intent,
    @Headers('x-order-token') orderToken: string | undefined,
  ): Promise<OrderView> {
    const order = await this.access.find(id, { principal, orderToken });
    return presentOrder(await this.refunds.requestReturn(order, body, principal?.userId ?? 'guest', intent));
  }

  @Post(':id/refunds')
  @Roles('manager')
  @Idempotent()
  @HttpCode(201)
  @ApiOperation({ summary: 'Give money back: for a return whose goods have arrived, or as a gesture; never more than was captured' })
  @ApiResponse({ status: 201, standardSchema: refundSchema })
  @problem(404, 'No such order or return')
  @problem(409, 'More than is left of what was captured, or not possible in the current state')
  async refund(
    @Param({ schema: orderParamsSchema }) { id }: OrderParams,
    @Body({ schema: refundRequestSchema }) body: RefundRequestBody,
    @CurrentPrincipal() principal: Principal,
    @CurrentIntent() intent: Intent,
  ): Promise<RefundView> {
    const order = await this.access.find(id, { principal, orderToken: undefined });
    return present(await this.refunds.refund(order, body, principal, intent));
  }
}

const present = ({ id, orderId, amount, reason, returnId, status, createdAt }: Refund): RefundView => ({
  id,
  orderId,
  amount,
  reason,
  ...(returnId !== undefined && { returnId }),
  status,
  createdAt: createdAt.toISOString(),
});
