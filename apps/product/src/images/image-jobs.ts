import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Jobs, type JobQueue } from '@shopfleet/jobs';
import { AppError } from '@shopfleet/kernel';
import { Settings } from '../settings.ts';
import { ImageJobsRepository } from './image-jobs.repository.ts';
import { ImageProcessor } from './image-processor.ts';
import type { ImageJobDocument } from './image.document.ts';
import { IMAGE_QUEUE, imagePolicy, SWEEP_MS, SWEEP_QUEUE, sweepPolicy } from './image.settings.ts';

const RENDER = 'render';
const RUNS = 3;
const SWEPT_AT_ONCE = 100;

/** The queue of pictures. What a job is about and how far it is stands in the database; the queue says only whose turn it is. */
@Injectable()
export class ImageJobs implements OnApplicationBootstrap {
  private readonly logger = new Logger(ImageJobs.name);

  constructor(
    private readonly jobs: Jobs,
    private readonly repository: ImageJobsRepository,
    private readonly processor: ImageProcessor,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.work(IMAGE_QUEUE, imagePolicy, ({ data, attempt }) => this.processor.process((data as { jobId: string }).jobId, attempt === imagePolicy.attempts));
    this.jobs.repeat(SWEEP_QUEUE, sweepPolicy, SWEEP_MS, async () => void (await this.sweep()));
  }

  /** @throws AppError dependency-unavailable when as many wait as may, or nobody can tell */
  async requireRoom(): Promise<void> {
    const waiting = await this.queue.unfinished().catch((error: unknown) => {
      throw away(error);
    });
    if (waiting < this.settings.imageQueueMax) return;
    throw new AppError('dependency-unavailable', { detail: `${waiting} pictures are waiting already. Send it again in a moment.`, retryAfterSeconds: 10 });
  }

  /** @throws AppError dependency-unavailable; entering the picture again then puts it into the queue */
  async add(job: ImageJobDocument): Promise<void> {
    await this.queue.add(RENDER, { jobId: job._id }, { id: queueId(job) }).catch((error: unknown) => {
      throw away(error);
    });
  }

  /**
   * Puts into the queue what belongs there and is not: entered while Redis was away, lost with it, or given up by it since
   * its workers died. What has had its tries fails. Resolves with how many were found.
   */
  async sweep(now = new Date()): Promise<number> {
    const left = await this.repository.findLeftBehind(new Date(now.getTime() - SWEEP_MS), SWEPT_AT_ONCE);
    let found = 0;
    for (const job of left) {
      if (await this.queue.holds(queueId(job))) continue;
      found += 1;
      if (job.run >= RUNS) {
        this.logger.warn(`picture ${job.original} was given up after ${RUNS} runs`);
        await this.processor.fail(job, 'it could not be worked on; send it again');
        continue;
      }
      const next = await this.repository.countRun(job);
      if (next) await this.add(next);
    }
    return found;
  }

  private get queue(): JobQueue {
    return this.jobs.queue(IMAGE_QUEUE, imagePolicy);
  }
}

// Each run has an id of its own: the queue remembers those that ended, and would take no second of the same.
function queueId({ _id, run }: Pick<ImageJobDocument, '_id' | 'run'>): string {
  return `${_id}-${run}`;
}

function away(cause: unknown): AppError {
  return new AppError('dependency-unavailable', { detail: 'Pictures cannot be taken right now. Send it again in a few seconds.', retryAfterSeconds: 5, cause });
}
