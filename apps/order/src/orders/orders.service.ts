import { Injectable } from '@nestjs/common';
import type { Principal } from '@shopfleet/identity';
import { decodeCursor } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { deliverOrder, shipOrder, type Decision, type Order, type Tracking } from './domain/order.ts';
import { isStaff, OrderAccess } from './order-access.ts';
import { OrderRecorder } from './order-recorder.ts';
import { presentList } from './orders.presenter.ts';
import { OrdersRepository, type OrderPosition } from './orders.repository.ts';
import type { OrderListQuery, OrderListView } from './orders.schema.ts';

/** Looking at orders, and what the staff do with paid ones. */
@Injectable()
export class OrdersService {
  constructor(
    private readonly orders: OrdersRepository,
    private readonly access: OrderAccess,
    private readonly recorder: OrderRecorder,
    private readonly transactions: Transactions,
  ) {}

  async list({ status, cursor, limit }: OrderListQuery, principal: Principal): Promise<OrderListView> {
    // One more than asked for tells whether there is a next page.
    const page = { status, after: cursor === undefined ? undefined : positionOf(cursor), limit: limit + 1 };
    const found = isStaff(principal) ? await this.orders.findPageOfAll(page) : await this.orders.findPageByCustomer(principal.userId, page);
    return presentList(found, limit);
  }

  async ship(id: string, tracking: Tracking | undefined, by: Principal): Promise<Order> {
    return this.change(id, by, (order) => shipOrder(order, tracking, by.userId, new Date()));
  }

  async deliver(id: string, by: Principal): Promise<Order> {
    return this.change(id, by, (order) => deliverOrder(order, by.userId, new Date()));
  }

  private async change(id: string, principal: Principal, decide: (order: Order) => Decision): Promise<Order> {
    const order = await this.access.find(id, { principal, orderToken: undefined });
    const decision = decide(order);
    await this.transactions.run((session) => this.recorder.record(order, decision, session));
    return decision.order;
  }
}

const positionOf = (cursor: string): OrderPosition => {
  const [createdAt, id] = decodeCursor(cursor, 2);
  return { createdAt: new Date(Number(createdAt)), id: String(id) };
};
