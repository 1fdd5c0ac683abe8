import { Module, type DynamicModule } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { Jobs } from '@shopfleet/jobs';
import type { Connection } from 'mongoose';
import { OrdersRepository } from '../orders/orders.repository.ts';
import { Eraser } from './eraser.ts';
import { UsersConsumer } from './users.consumer.ts';

@Module({})
export class ErasureModule {
  static forRoot({ intervalMs }: { readonly intervalMs: number }): DynamicModule {
    return {
      module: ErasureModule,
      controllers: [UsersConsumer],
      providers: [
        {
          provide: Eraser,
          inject: [getConnectionToken(), OrdersRepository, Jobs],
          useFactory: (connection: Connection, orders: OrdersRepository, jobs: Jobs) => new Eraser(connection, orders, jobs, intervalMs),
        },
      ],
    };
  }
}
