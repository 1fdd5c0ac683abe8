import { Inject, Injectable } from '@nestjs/common';
import { partnerScope, type Principal } from '@shopfleet/identity';
import { inspectUpload, originalKey, pictureHash, type ObjectStore } from '@shopfleet/images';
import { AppError } from '@shopfleet/kernel';
import type { ProductDocument } from '../catalogue/product.document.ts';
import { Collections } from '../collections.ts';
import { ImageJobs } from './image-jobs.ts';
import { ImageJobsRepository } from './image-jobs.repository.ts';
import type { ImageJobDocument } from './image.document.ts';
import type { ImageUpload } from './image-upload.ts';
import { MAX_IMAGES, OBJECT_STORE } from './image.settings.ts';

// Each holds up to 5 MB; more at once only wait for each other.
const UPLOADS_AT_ONCE = 8;

/** Takes pictures in: looked at, kept, and put into the queue. */
@Injectable()
export class ImagesService {
  private inHand = 0;

  constructor(
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly collections: Collections,
    private readonly repository: ImageJobsRepository,
    private readonly jobs: ImageJobs,
  ) {}

  /**
   * @param read reads the upload; not called when there is no room for it
   * @throws AppError not-found when the product is not one's own, dependency-unavailable when the queue is full, and what
   * is wrong with the picture
   */
  async accept(idOrSlug: string, principal: Principal, read: () => Promise<ImageUpload>): Promise<ImageJobDocument> {
    const product = await this.ownOf(idOrSlug, principal);
    await this.jobs.requireRoom();
    if (this.inHand >= UPLOADS_AT_ONCE) throw new AppError('dependency-unavailable', { detail: 'Too many pictures arrive at once. Send it again in a second.', retryAfterSeconds: 1 });
    this.inHand += 1;
    try {
      return await this.enter(product, await read());
    } finally {
      this.inHand -= 1;
    }
  }

  /** @throws AppError not-found */
  async job(id: string, principal: Principal): Promise<ImageJobDocument> {
    const job = await this.repository.find(id, partnerScope(principal));
    if (job) return job;
    throw new AppError('not-found', { detail: `There is no job ${id} of a picture that you may see.` });
  }

  private async enter(product: ProductDocument, { bytes, hash, alt }: ImageUpload): Promise<ImageJobDocument> {
    const { format } = inspectUpload(bytes);
    const imageId = `img_${pictureHash(hash)}`;
    const isThere = product.images.some(({ id }) => id === imageId);
    if (product.images.length >= MAX_IMAGES && !isThere) throw new AppError('conflict', { detail: `A product has at most ${MAX_IMAGES} pictures.` });
    await this.store.put(originalKey(hash), bytes, `image/${format}`).catch((cause: unknown) => {
      throw new AppError('dependency-unavailable', { detail: 'The picture could not be kept. Send it again in a few seconds.', retryAfterSeconds: 5, cause });
    });
    const job = await this.repository.enter({ productId: product._id, partnerId: product.partnerId, imageId, original: hash, ...(alt !== undefined && { alt }) });
    if (job.state === 'queued') await this.jobs.add(job);
    return job;
  }

  // Somebody else's product is as unknown as one that does not exist.
  private async ownOf(idOrSlug: string, principal: Principal): Promise<ProductDocument> {
    const partnerId = partnerScope(principal);
    const filter = idOrSlug.startsWith('prd_') ? { _id: idOrSlug } : { slug: idOrSlug };
    const product = await this.collections.products.findOne({ ...filter, status: { $ne: 'archived' }, ...(partnerId !== undefined && { partnerId }) });
    if (product) return product;
    throw new AppError('not-found', { detail: `There is no product ${idOrSlug} that you may change.` });
  }
}
