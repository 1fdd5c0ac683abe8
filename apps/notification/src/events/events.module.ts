import { Module } from '@nestjs/common';
import { InboxModule } from '../inbox/inbox.module.ts';
import { AccountEventsConsumer } from './account-events.consumer.ts';
import { Notifier } from './notifier.ts';
import { OrderEventsConsumer } from './order-events.consumer.ts';
import { StockEventsConsumer } from './stock-events.consumer.ts';

@Module({
  imports: [InboxModule],
  controllers: [AccountEventsConsumer, OrderEventsConsumer, StockEventsConsumer],
  providers: [Notifier],
})
export class EventsModule {}
