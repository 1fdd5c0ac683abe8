import { Injectable } from '@nestjs/common';
import { Jobs, type JobPolicy, type JobQueue } from '@shopfleet/jobs';
import { smtpConnections } from './smtp.sender.ts';

export const mailQueueName = 'mail';

/** 3 attempts with an exponential back-off of 2 s (features.md, S1); as many at once as there are SMTP connections. */
export const mailPolicy: JobPolicy = { attempts: 3, backoffMs: 2_000, concurrency: smtpConnections, keepCompleted: 1_000, keepFailed: 5_000 };

/** The queue of mails to be sent. A job holds the mail's id only; MongoDB knows which mails there are. */
@Injectable()
export class MailQueue {
  private readonly queue: JobQueue;

  constructor(jobs: Jobs) {
    this.queue = jobs.queue(mailQueueName, mailPolicy);
  }

  /** Each round of the sweeper is a job of its own: the queue remembers ended jobs and would take the same id for done. */
  async add(mailId: string, round: number): Promise<void> {
    await this.queue.add('send', { mailId }, { id: round === 0 ? mailId : `${mailId}.${round}` });
  }

  sweepEvery(intervalMs: number): void {
    this.queue.every(intervalMs, 'sweep');
  }
}
