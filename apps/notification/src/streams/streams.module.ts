import { Module, type DynamicModule } from '@nestjs/common';
import type { NotificationConfig } from '../config.ts';
import { InboxModule } from '../inbox/inbox.module.ts';
import { LiveNotifications } from './live-notifications.ts';
import { StreamHub } from './stream-hub.ts';
import { SOCKET_ORIGINS, StreamSockets } from './stream-sockets.ts';
import { StreamTickets } from './stream-tickets.ts';
import { StreamsController } from './streams.controller.ts';

@Module({})
export class StreamsModule {
  static forRoot(config: Pick<NotificationConfig, 'PUBLIC_URL' | 'ALLOWED_ORIGINS'>): DynamicModule {
    return {
      module: StreamsModule,
      global: true,
      imports: [InboxModule],
      controllers: [StreamsController],
      providers: [LiveNotifications, StreamHub, StreamTickets, StreamSockets, { provide: SOCKET_ORIGINS, useValue: [new URL(config.PUBLIC_URL).origin, ...config.ALLOWED_ORIGINS] }],
      exports: [LiveNotifications, StreamHub],
    };
  }
}
