import { Module, type DynamicModule } from '@nestjs/common';
import type { NotificationConfig } from '../config.ts';
import { InboxModule } from '../inbox/inbox.module.ts';
import { PreferencesModule } from '../preferences/preferences.module.ts';
import { AccountEventsConsumer } from './account-events.consumer.ts';
import { CartEventsConsumer } from './cart-events.consumer.ts';
import { Contacts } from './contacts.ts';
import { ImageEventsConsumer } from './image-events.consumer.ts';
import { Notifier } from './notifier.ts';
import { OperationsEventsConsumer } from './operations-events.consumer.ts';
import { OrderEventsConsumer } from './order-events.consumer.ts';
import { PushWriter } from './push-writer.ts';
import { STAFF_EMAIL, StockEventsConsumer } from './stock-events.consumer.ts';

@Module({})
export class EventsModule {
  static forRoot({ STAFF_EMAIL: staffEmail }: Pick<NotificationConfig, 'STAFF_EMAIL'>, push: DynamicModule): DynamicModule {
    return {
      module: EventsModule,
      imports: [InboxModule, PreferencesModule, push],
      controllers: [AccountEventsConsumer, CartEventsConsumer, OrderEventsConsumer, StockEventsConsumer, ImageEventsConsumer, OperationsEventsConsumer],
      providers: [Contacts, Notifier, PushWriter, { provide: STAFF_EMAIL, useValue: staffEmail }],
      exports: [Notifier],
    };
  }
}
