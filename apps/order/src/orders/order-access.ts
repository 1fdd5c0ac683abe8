import { Injectable } from '@nestjs/common';
import { mayActAs, type Principal } from '@shopfleet/identity';
import type { Order } from './domain/order.ts';
import { GuestAccess } from './guest-access.ts';
import { orderNotFound } from './orders.errors.ts';
import { OrdersRepository } from './orders.repository.ts';

/** Who wants to see an order: by login, or by the token of a guest's order. */
export interface Viewer {
  readonly principal: Principal | undefined;
  readonly orderToken: string | undefined;
}

export const isStaff = (principal: Principal | undefined): boolean => principal !== undefined && mayActAs(principal.roles, ['employee']);

/** Finds orders for those who may see them; for everybody else they do not exist. */
@Injectable()
export class OrderAccess {
  constructor(
    private readonly orders: OrdersRepository,
    private readonly guests: GuestAccess,
  ) {}

  /** @throws AppError `not-found`, also for somebody else's order */
  async find(idOrNumber: string, viewer: Viewer): Promise<Order> {
    const order = await (idOrNumber.startsWith('ord_') ? this.orders.findById(idOrNumber) : this.orders.findByNumber(idOrNumber));
    if (!order || !this.maySee(order, viewer)) throw orderNotFound(idOrNumber);
    return order;
  }

  private maySee(order: Order, { principal, orderToken }: Viewer): boolean {
    if (isStaff(principal)) return true;
    if (order.userId !== undefined) return order.userId === principal?.userId;
    return orderToken !== undefined && this.guests.opens(order.id, orderToken);
  }
}
