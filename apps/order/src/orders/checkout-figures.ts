import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { observe } from '@shopfleet/metrics';
import { isUndecided, orderStatuses } from './domain/order-status.ts';
import { OrdersRepository } from './orders.repository.ts';

const undecided = orderStatuses.filter(isUndecided);

/** How many checkouts are under way, by the step that they wait at. */
@Injectable()
export class CheckoutFigures implements OnModuleInit, OnApplicationShutdown {
  private end: (() => void) | undefined;

  constructor(private readonly orders: OrdersRepository) {}

  onModuleInit(): void {
    this.end = observe('shop_checkouts_undecided', 'Checkouts under way, by the status of their order; each worker tells of all', ['status'], () =>
      Promise.all(undecided.map(async (status) => ({ labels: { status }, value: await this.orders.countWithStatus(status) }))),
    );
  }

  onApplicationShutdown(): void {
    this.end?.();
  }
}
