import { Module, type DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { InternalClient } from '@shopfleet/service';
import type { NotificationConfig } from '../config.ts';
import { MailDelivery } from './mail-delivery.ts';
import { MailQueue } from './mail-queue.ts';
import { MailQueueCheck } from './mail-queue.check.ts';
import { MailWriter } from './mail-writer.ts';
import { MAIL_MODEL, mailSchema } from './mail.schema.ts';
import { MailWorker } from './mail.worker.ts';
import { MailsRepository } from './mails.repository.ts';
import { SmtpSender } from './smtp.sender.ts';

@Module({})
export class MailModule {
  static forRoot(config: Pick<NotificationConfig, 'SMTP_URL' | 'MAIL_FROM' | 'PUBLIC_URL'>): DynamicModule {
    return {
      module: MailModule,
      global: true,
      imports: [MongooseModule.forFeature([{ name: MAIL_MODEL, schema: mailSchema }])],
      providers: [
        MailsRepository,
        MailQueue,
        MailQueueCheck,
        MailDelivery,
        MailWorker,
        { provide: SmtpSender, useFactory: () => new SmtpSender(config.SMTP_URL, config.MAIL_FROM) },
        {
          provide: MailWriter,
          inject: [InternalClient],
          useFactory: (internal: InternalClient) => new MailWriter(internal, config.PUBLIC_URL.replace(/\/+$/u, '')),
        },
      ],
      exports: [MailsRepository, MailQueue],
    };
  }
}
