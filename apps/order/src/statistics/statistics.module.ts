import { Module, type DynamicModule } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { Jobs } from '@shopfleet/jobs';
import { Transactions } from '@shopfleet/mongo';
import type { Connection } from 'mongoose';
import { SalesRollUp } from './sales-roll-up.ts';
import { StatisticsController } from './statistics.controller.ts';

@Module({})
export class StatisticsModule {
  static forRoot({ intervalMs }: { readonly intervalMs: number }): DynamicModule {
    return {
      module: StatisticsModule,
      controllers: [StatisticsController],
      providers: [
        {
          provide: SalesRollUp,
          inject: [getConnectionToken(), Transactions, Jobs],
          useFactory: (connection: Connection, transactions: Transactions, jobs: Jobs) => new SalesRollUp(connection, transactions, jobs, intervalMs),
        },
      ],
      exports: [SalesRollUp],
    };
  }
}
