import { Injectable } from '@nestjs/common';
import { newId } from '@shopfleet/kernel';
import { isDuplicateKey, type ClientSession } from '@shopfleet/mongo';
import { Collections } from '../collections.ts';
import type { ImageJobDocument, PictureDocument } from './image.document.ts';

export type ImageJobEntry = Pick<ImageJobDocument, 'imageId' | 'alt' | 'original'> & { readonly productId: string; readonly partnerId: string };

const unfinished: ImageJobDocument['state'][] = ['queued', 'processing'];

/** Jobs of pictures and what is known of pictures that are done. */
@Injectable()
export class ImageJobsRepository {
  constructor(private readonly collections: Collections) {}

  /** The job of this picture for this product: a new one, the one that is there, or a failed one to be tried once more. */
  async enter(entry: ImageJobEntry): Promise<ImageJobDocument> {
    const { productId, original, ...rest } = entry;
    const now = new Date();
    const again = await this.jobs.findOneAndUpdate(
      { productId, original, state: 'failed' },
      { $set: { state: 'queued', progress: 0, updatedAt: now }, $unset: { reason: 1 }, $inc: { run: 1 } },
      { returnDocument: 'after' },
    );
    if (again) return again;
    const first = { _id: newId('ijb'), ...rest, state: 'queued' as const, progress: 0, run: 1, createdAt: now, updatedAt: now };
    const upsert = () => this.jobs.findOneAndUpdate({ productId, original }, { $setOnInsert: first }, { upsert: true, returnDocument: 'after', ignoreUndefined: true });
    // Of two that enter it at once, one is told that it is there.
    const job = await upsert().catch((error: unknown) => (isDuplicateKey(error) ? upsert() : Promise.reject(error)));
    if (!job) throw new Error('an upsert gives a document');
    return job;
  }

  async find(id: string, partnerId: string | undefined): Promise<ImageJobDocument | null> {
    return this.jobs.findOne({ _id: id, ...(partnerId !== undefined && { partnerId }) });
  }

  /** The job, from now on in hand; null when it is done with. */
  async begin(id: string): Promise<ImageJobDocument | null> {
    return this.jobs.findOneAndUpdate({ _id: id, state: { $in: unfinished } }, { $set: { state: 'processing', updatedAt: new Date() } }, { returnDocument: 'after' });
  }

  async report(id: string, progress: number): Promise<void> {
    await this.jobs.updateOne({ _id: id, state: 'processing' }, { $max: { progress }, $set: { updatedAt: new Date() } });
  }

  /** Ends a job; false when somebody else has. */
  async end(id: string, outcome: { readonly state: 'done' } | { readonly state: 'failed'; readonly reason: string }, session: ClientSession): Promise<boolean> {
    const progress = outcome.state === 'done' ? { progress: 100 } : {};
    const { modifiedCount } = await this.jobs.updateOne({ _id: id, state: { $in: unfinished } }, { $set: { ...outcome, ...progress, updatedAt: new Date() } }, { session });
    return modifiedCount > 0;
  }

  /** Jobs that nobody has touched since. */
  async findLeftBehind(before: Date, limit: number): Promise<ImageJobDocument[]> {
    return this.jobs.find({ state: { $in: unfinished }, updatedAt: { $lt: before } }).sort({ updatedAt: 1 }).hint('state_oldest').limit(limit).toArray();
  }

  /** One more run of a job; undefined when somebody else has begun it. */
  async countRun({ _id, run }: Pick<ImageJobDocument, '_id' | 'run'>): Promise<ImageJobDocument | null> {
    return this.jobs.findOneAndUpdate({ _id, run, state: { $in: unfinished } }, { $inc: { run: 1 }, $set: { updatedAt: new Date() } }, { returnDocument: 'after' });
  }

  async findPicture(hash: string): Promise<PictureDocument | null> {
    return this.collections.pictures.findOne({ _id: hash });
  }

  async savePicture(picture: PictureDocument): Promise<void> {
    const { _id, ...fields } = picture;
    await this.collections.pictures.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true, writeConcern: { w: 'majority', journal: true } });
  }

  private get jobs() {
    return this.collections.imageJobs;
  }
}
