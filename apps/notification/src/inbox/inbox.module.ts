import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { COUNTER_MODEL, counterSchema, NOTIFICATION_MODEL, notificationSchema } from './notification.schema.ts';
import { NotificationsController } from './notifications.controller.ts';
import { NotificationsRepository } from './notifications.repository.ts';
import { NotificationsService } from './notifications.service.ts';

@Module({
  imports: [MongooseModule.forFeature([{ name: NOTIFICATION_MODEL, schema: notificationSchema }, { name: COUNTER_MODEL, schema: counterSchema }])],
  controllers: [NotificationsController],
  providers: [NotificationsRepository, NotificationsService],
  exports: [NotificationsRepository],
})
export class InboxModule {}
