import { Injectable, Logger } from '@nestjs/common';
import { carriedContext, Jobs, type CarriedContext, type JobPolicy, type JobQueue } from '@shopfleet/jobs';
import { requestContext } from '@shopfleet/kernel';
import { smtpConnections } from './smtp.sender.ts';

export const mailQueueName = 'mail';

/** 3 attempts with an exponential back-off of 2 s (features.md, S1); as many at once as there are SMTP connections. */
export const mailPolicy: JobPolicy = { attempts: 3, backoffMs: 2_000, concurrency: smtpConnections, keepCompleted: 1_000, keepFailed: 5_000 };

// A job is done when its last mail is: few enough that a slow one does not hold up many.
const mailsPerJob = 10;

/** A mail in the queue, and the request that led to it. */
export interface QueuedMail {
  readonly id: string;
  readonly context?: CarriedContext | undefined;
}

/** The queue of mails to be sent. A job holds ids only; MongoDB knows which mails there are. */
@Injectable()
export class MailQueue {
  private readonly logger = new Logger(MailQueue.name);
  private readonly queue: JobQueue;
  private fresh: QueuedMail[] = [];

  constructor(jobs: Jobs) {
    this.queue = jobs.queue(mailQueueName, mailPolicy);
  }

  /**
   * A mail was recorded: those of one transaction go into few jobs. Only a hint: a mail whose job is lost with the process
   * or with Redis is found by the sweeper.
   */
  announce(mail: QueuedMail): void {
    this.fresh.push(mail);
    // The job is of several requests, and so of none.
    if (this.fresh.length === 1) requestContext.exit(() => setImmediate(() => this.addFresh()));
  }

  /** Each round of the sweeper is a job of its own: the queue remembers ended jobs and would take the same id for done. */
  async addAgain(mailId: string, round: number): Promise<void> {
    await this.queue.add('send', { mails: [{ id: mailId, context: carriedContext() }] }, { id: `${mailId}.${round}` });
  }

  sweepEvery(intervalMs: number): void {
    this.queue.every(intervalMs, 'sweep');
  }

  private addFresh(): void {
    const fresh = this.fresh;
    this.fresh = [];
    while (fresh.length > 0) {
      const mails = fresh.splice(0, mailsPerJob);
      const [first] = mails;
      this.queue.add('send', { mails }, { id: first?.id ?? '' }).catch((error: unknown) => this.logger.warn(`${mails.length} mails wait for the sweeper: ${String(error)}`));
    }
  }
}
