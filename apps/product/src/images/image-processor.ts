import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cache } from '@shopfleet/cache';
import { originalKey, PictureError, pictureHash, RenderProcess, renditionKey, renditionUrl, type ObjectStore } from '@shopfleet/images';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { tagsOf } from '../catalogue/cache-families.ts';
import type { ProductImage } from '../catalogue/product.document.ts';
import { Collections } from '../collections.ts';
import { ImageJobsRepository } from './image-jobs.repository.ts';
import type { ImageJobDocument, PictureDocument } from './image.document.ts';
import { failedEvent, processedEvent } from './image.events.ts';
import { MAX_IMAGES, OBJECT_STORE } from './image.settings.ts';

/**
 * Makes the renditions of a picture and shows them at its product. Every step may be repeated, by this worker or another:
 * addresses depend on content, what is there already is not made again, and only who ends the job tells of it.
 */
@Injectable()
export class ImageProcessor {
  private readonly logger = new Logger(ImageProcessor.name);

  constructor(
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly renderer: RenderProcess,
    private readonly repository: ImageJobsRepository,
    private readonly collections: Collections,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly cache: Cache,
  ) {}

  /** @throws Error when it may be tried again */
  async process(jobId: string, isLastTry: boolean): Promise<void> {
    const job = await this.repository.begin(jobId);
    if (!job) return;
    try {
      await this.finish(job, await this.pictureOf(job));
    } catch (error) {
      if (error instanceof PictureError) await this.fail(job, error.reason);
      else if (isLastTry) await this.fail(job, 'it could not be worked on; send it again');
      if (!(error instanceof PictureError)) throw error;
    }
  }

  /** Ends a job that came to nothing, and tells so, once. */
  async fail(job: ImageJobDocument, reason: string): Promise<void> {
    await this.transactions.run(async (session) => {
      const isMine = await this.repository.end(job._id, { state: 'failed', reason }, session);
      if (isMine && job.productId !== undefined) await this.outbox.append(session, [failedEvent(job.productId, job.imageId, reason)]);
    });
  }

  private async pictureOf(job: ImageJobDocument): Promise<PictureDocument> {
    const hash = pictureHash(job.original);
    const known = await this.repository.findPicture(hash);
    if (known) return known;
    const original = await this.store.get(originalKey(job.original));
    if (original === undefined) throw new PictureError('it is no longer there; send it again');
    const { renditions } = await this.renderer.render(original, this.reporter(job._id));
    for (const rendition of renditions) await this.store.put(renditionKey(hash, rendition), rendition.bytes, `image/${rendition.format}`);
    const picture = {
      _id: hash, at: new Date(),
      renditions: renditions.map((rendition) => ({ url: renditionUrl(hash, rendition), format: rendition.format, width: rendition.width, height: rendition.height, bytes: rendition.bytes.length })),
    };
    await this.repository.savePicture(picture);
    return picture;
  }

  private async finish({ _id, productId, imageId, alt }: ImageJobDocument, { renditions }: PictureDocument): Promise<void> {
    const image: ProductImage = { id: imageId, ...(alt !== undefined && { alt }), renditions: renditions.map(({ url, format, width, height }) => ({ url, format, width, height })) };
    const product = await this.transactions.run(async (session) => {
      if (!(await this.repository.end(_id, { state: 'done' }, session)) || productId === undefined) return null;
      await this.outbox.append(session, [processedEvent(productId, imageId, renditions)]);
      return this.collections.products.findOneAndUpdate(
        { _id: productId, 'images.id': { $ne: imageId }, [`images.${MAX_IMAGES - 1}`]: { $exists: false } },
        { $push: { images: image } },
        { session, projection: { slug: 1 } },
      );
    });
    if (product) await this.cache.invalidate(tagsOf({ id: product._id, slug: product.slug }));
  }

  // Progress is for whoever looks; that it could not be written down stops nothing.
  private reporter(jobId: string): (share: number) => void {
    return (share) => {
      this.repository.report(jobId, Math.floor(share * 99)).catch((error: unknown) => this.logger.debug(`progress of ${jobId} is not written: ${String(error)}`));
    };
  }
}
