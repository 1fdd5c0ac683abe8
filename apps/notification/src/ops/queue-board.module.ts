import { Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AccessTokenVerifier } from '@shopfleet/identity';
import { BoardQueues } from '@shopfleet/jobs';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { RedisStateClient } from '@shopfleet/redis';
import { parseTargets } from '@shopfleet/vitals';
import type { NotificationConfig } from '../config.ts';
import { OpsHealth } from './ops-health.ts';
import { OpsController } from './ops.controller.ts';
import { OpsSessions } from './ops-sessions.ts';
import { QueueBoard } from './queue-board.ts';

@Module({})
export class QueueBoardModule {
  static forRoot(config: Pick<NotificationConfig, 'PUBLIC_URL' | 'REDIS_STATE_URL' | 'METRICS_TARGETS'>): DynamicModule {
    return {
      module: QueueBoardModule,
      controllers: [OpsController],
      providers: [
        OpsSessions,
        { provide: OpsHealth, useFactory: () => new OpsHealth(parseTargets(config.METRICS_TARGETS)) },
        {
          provide: QueueBoard,
          inject: [HttpAdapterHost, RedisStateClient, OpsSessions, AccessTokenVerifier, Transactions, Outbox],
          useFactory: (host: HttpAdapterHost, redis: RedisStateClient, sessions: OpsSessions, verifier: AccessTokenVerifier, transactions: Transactions, outbox: Outbox) =>
            new QueueBoard(host, new BoardQueues(config.REDIS_STATE_URL), redis, sessions, verifier, transactions, outbox, new URL(config.PUBLIC_URL).origin),
        },
      ],
    };
  }
}
