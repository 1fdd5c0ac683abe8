import { Injectable } from '@nestjs/common';
import { auditRecorded, createEvent } from '@shopfleet/contracts';
import { assertSameIntent, type Intent } from '@shopfleet/idempotency';
import type { Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { receiveReturn, requestReturn, worthOfReturn } from '../orders/domain/returns.ts';
import type { Decision, Order } from '../orders/domain/order.ts';
import { OrderRecorder } from '../orders/order-recorder.ts';
import { PaymentsRepository } from '../payments/payments.repository.ts';
import type { Refund } from './refund.ts';
import { Refunder } from './refunder.ts';
import type { RefundRequestBody, ReturnRequestBody } from './refunds.schema.ts';
import { RefundsRepository } from './refunds.repository.ts';

/** Goods that come back and money that goes back, wished for by customers and granted by managers. */
@Injectable()
export class RefundsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly recorder: OrderRecorder,
    private readonly payments: PaymentsRepository,
    private readonly refunds: RefundsRepository,
    private readonly refunder: Refunder,
    private readonly outbox: Outbox,
  ) {}

  async requestReturn(order: Order, { lines, reason }: ReturnRequestBody, by: string, intent: Intent): Promise<Order> {
    // The worker of the first try died before it could answer.
    const before = order.returns.find(({ requestKey }) => requestKey === intent.key);
    if (before) {
      assertSameIntent(intent, before.requestFingerprint);
      return order;
    }
    const decision = requestReturn(order, lines, reason, by, intent, new Date());
    await this.transactions.run((session) => this.recorder.record(order, decision, session));
    return decision.order;
  }

  /**
   * Resolves with the refund as far as it has come: `due` when the provider has not answered yet.
   * @throws AppError `conflict` when more is asked for than is left, `invalid-transition`, `not-found`
   */
  async refund(order: Order, body: RefundRequestBody, by: Principal, intent: Intent): Promise<Refund> {
    const before = await this.refunds.findByIntent(intent);
    const refund = before ?? (await this.promised(order, body, by, intent));
    await this.refunder.settle(refund).catch(() => undefined);
    return (await this.refunds.findById(refund.id)) ?? refund;
  }

  private async promised(order: Order, { returnId, amount, reason }: RefundRequestBody, by: Principal, intent: Intent): Promise<Refund> {
    const { currency } = order.totals.total;
    if (amount && amount.currency !== currency) {
      throw new AppError('validation-failed', { detail: `The order was paid in ${currency}.`, errors: [{ pointer: '/amount/currency', message: `must be ${currency}` }] });
    }
    const decision: Decision = returnId === undefined ? { order, events: [] } : receiveReturn(order, returnId, by.userId, new Date());
    const wanted = amount?.amount ?? (returnId === undefined ? undefined : worthOfReturn(order, returnId).amount);
    return this.transactions.run(async (session) => {
      const payment = await this.payments.findOpenByOrder(order.id, session);
      if (payment?.status !== 'captured') throw new AppError('invalid-transition', { detail: `Nothing was paid for order ${order.number}, so nothing can go back.` });
      await this.recorder.record(order, decision, session);
      const refund = await this.refunder.promise(payment, { amount: wanted, reason, returnId, intent }, session);
      if (!refund) throw new AppError('conflict', { detail: `All that was paid for order ${order.number} has gone back already.` });
      await this.outbox.append(session, [auditOf(order, refund, by)]);
      return refund;
    });
  }
}

function auditOf(order: Order, { id, amount, reason }: Refund, by: Principal): ReturnType<typeof createEvent> {
  const difference = { refund: { new: { id, amount, reason } } };
  return createEvent(auditRecorded, { source: 'order', subject: order.id, data: { actor: { id: by.userId, roles: [...by.roles] }, action: 'order.refund', target: order.id, difference } });
}
