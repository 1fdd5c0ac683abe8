import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { carriedContextSchema, inCarriedContext, Jobs, type JobRun } from '@shopfleet/jobs';
import { z } from 'zod';
import { MailDelivery } from './mail-delivery.ts';
import { mailPolicy, MailQueue, mailQueueName } from './mail-queue.ts';
import { MailsRepository } from './mails.repository.ts';

const sweepIntervalMs = 5_000;
const sweptAtOnce = 500;
const sendJob = z.object({ mails: z.array(z.object({ id: z.string(), context: carriedContextSchema.optional() })).min(1) });

/**
 * Works off the mail queue. The sweeper, a job of the same queue, puts mails back that the queue lost, never got or gave
 * up on: that a mail waits is known from MongoDB, the queue is only the way there.
 */
@Injectable()
export class MailWorker implements OnApplicationBootstrap {
  private readonly logger = new Logger(MailWorker.name);

  constructor(
    private readonly jobs: Jobs,
    private readonly queue: MailQueue,
    private readonly delivery: MailDelivery,
    private readonly mails: MailsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.work(mailQueueName, mailPolicy, (job) => this.run(job));
    this.queue.sweepEvery(sweepIntervalMs);
  }

  private async run(job: JobRun): Promise<void> {
    if (job.name === 'sweep') await this.sweep();
    else await this.send(job);
  }

  // Tried again for those that failed: what was sent is not claimed any more.
  private async send({ name, data }: JobRun): Promise<void> {
    const { mails } = sendJob.parse(data);
    const results = await Promise.allSettled(mails.map(({ id, context }) => inCarriedContext(context, mailQueueName, name, () => this.delivery.deliver(id))));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  private async sweep(): Promise<void> {
    const overdue = await this.mails.takeOverdue(sweptAtOnce, new Date());
    for (const { id, round } of overdue) await this.queue.addAgain(id, round);
    if (overdue.length > 0) this.logger.log(`${overdue.length} overdue mails are in the queue again`);
  }
}
