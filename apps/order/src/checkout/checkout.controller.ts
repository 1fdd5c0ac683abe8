import { Body, Controller, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIntent, Idempotent, type Intent } from '@shopfleet/idempotency';
import { CurrentPrincipal, OptionalIdentity, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Limit } from '@shopfleet/rate-limit';
import { problemSchema } from '@shopfleet/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isUndecided } from '../orders/domain/order-status.ts';
import type { Contact } from '../orders/domain/order.ts';
import { GuestAccess } from '../orders/guest-access.ts';
import { OrderAccess } from '../orders/order-access.ts';
import { presentOrder } from '../orders/orders.presenter.ts';
import {
  cancelSchema,
  orderParamsSchema,
  payAgainSchema,
  orderSchema,
  placedOrderSchema,
  placeOrderSchema,
  type CancelBody,
  type OrderParams,
  type OrderView,
  type PayAgainBody,
  type PlacedOrderView,
  type PlaceOrderBody,
} from '../orders/orders.schema.ts';
import { CheckoutSaga } from './checkout.saga.ts';
import { CheckoutService } from './checkout.service.ts';
import { waitOf } from './prefer.ts';

const problem = (status: number, description: string): MethodDecorator => ApiResponse({ status, standardSchema: problemSchema, description });

@ApiTags('orders')
@Controller('api/orders')
export class CheckoutController {
  constructor(
    private readonly checkout: CheckoutService,
    private readonly saga: CheckoutSaga,
    private readonly access: OrderAccess,
    private readonly guests: GuestAccess,
  ) {}

  @Limit('checkout')
  @Post()
  @OptionalIdentity()
  @Idempotent()
  @ApiOperation({ summary: 'Order what is in the cart' })
  @ApiHeader({ name: 'Prefer', required: false, description: 'wait=N: seconds to wait for the outcome, at most 10; default 2' })
  @ApiHeader({ name: 'X-Cart-Token', required: false, description: "Guests: the token of the cart" })
  @ApiResponse({ status: 201, standardSchema: placedOrderSchema, description: 'Paid' })
  @ApiResponse({ status: 202, standardSchema: placedOrderSchema, description: 'Still running; Location says where to look' })
  @problem(402, 'The payment was declined; nothing was charged')
  @problem(409, 'Out of stock, another price, an empty cart, or the first request with this key is still running')
  @problem(422, 'The key was used for another request')
  async place(
    @Body({ schema: placeOrderSchema }) body: PlaceOrderBody,
    @CurrentPrincipal() principal: Principal | undefined,
    @CurrentIntent() intent: Intent,
    @Req() request: FastifyRequest,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlacedOrderView> {
    const waitSeconds = waitOf(prefer);
    const { authorization, 'x-cart-token': cartToken } = request.headers;
    const order = await this.checkout.checkout({
      userId: principal?.userId,
      contact: contactOf(principal, body),
      credentials: { authorization, cartToken: single(cartToken), request },
      body,
      intent,
      waitMs: waitSeconds * 1000,
    });
    void reply
      .status(isUndecided(order.status) ? 202 : 201)
      .header('location', `/api/orders/${order.id}`)
      .header('preference-applied', `wait=${waitSeconds}`)
      .header('cache-control', 'private, no-store');
    return { ...presentOrder(order), ...(order.userId === undefined && { orderToken: this.guests.tokenOf(order.id) }) };
  }

  @Limit('checkout')
  @Post(':id/payments')
  @OptionalIdentity()
  @Idempotent()
  @ApiOperation({ summary: 'Pay an order whose payment was refused, by another means' })
  @ApiHeader({ name: 'Prefer', required: false, description: 'wait=N: seconds to wait for the outcome, at most 10; default 2' })
  @ApiHeader({ name: 'X-Order-Token', required: false, description: "The orderToken of a guest's order" })
  @ApiResponse({ status: 201, standardSchema: orderSchema, description: 'Paid. Should its stock have gone meanwhile, the order is cancelled and the money goes back' })
  @ApiResponse({ status: 202, standardSchema: orderSchema, description: 'Still running; Location says where to look' })
  @problem(402, 'Declined again; nothing was charged')
  @problem(404, "No such order, or somebody else's")
  @problem(409, 'Not an order whose payment was refused')
  async pay(
    @Param({ schema: orderParamsSchema }) { id }: OrderParams,
    @Body({ schema: payAgainSchema }) { payment }: PayAgainBody,
    @CurrentPrincipal() principal: Principal | undefined,
    @CurrentIntent() intent: Intent,
    @Headers('x-order-token') orderToken: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrderView> {
    const waitSeconds = waitOf(prefer);
    const found = await this.access.find(id, { principal, orderToken });
    const order = await this.checkout.payAgain(found, payment.token, principal?.userId ?? 'guest', intent, waitSeconds * 1000);
    void reply
      .status(isUndecided(order.status) ? 202 : 201)
      .header('location', `/api/orders/${order.id}`)
      .header('preference-applied', `wait=${waitSeconds}`)
      .header('cache-control', 'private, no-store');
    return presentOrder(order);
  }

  @Post(':id/cancel')
  @OptionalIdentity()
  @HttpCode(200)
  @ApiOperation({ summary: 'Call an order off before it is shipped; money that was taken goes back' })
  @ApiHeader({ name: 'X-Order-Token', required: false, description: "The orderToken of a guest's order" })
  @ApiResponse({ status: 200, standardSchema: orderSchema })
  @problem(404, "No such order, or somebody else's")
  @problem(409, 'It has been shipped, or has ended already')
  async cancel(
    @Param({ schema: orderParamsSchema }) { id }: OrderParams,
    @Body({ schema: cancelSchema }) { reason }: CancelBody,
    @CurrentPrincipal() principal: Principal | undefined,
    @Headers('x-order-token') orderToken: string | undefined,
  ): Promise<OrderView> {
    const order = await this.access.find(id, { principal, orderToken });
    return presentOrder(await this.saga.cancel(order, principal?.userId ?? 'guest', reason));
  }
}

const single = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);

function contactOf(principal: Principal | undefined, { email, locale = principal?.locale ?? 'en' }: PlaceOrderBody): Contact {
  if (principal?.email !== undefined) {
    if (email !== undefined && email !== principal.email) throw wrongEmail('is for guests only: customers are written to at the address of their account');
    return { email: principal.email, locale };
  }
  if (email === undefined) throw wrongEmail('is missing: guests are written to there');
  return { email, locale };
}

const wrongEmail = (message: string): AppError =>
  new AppError('validation-failed', { detail: `The e-mail address ${message}.`, errors: [{ pointer: '/email', message }] });
