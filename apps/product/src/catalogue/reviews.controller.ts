import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Cache } from '@shopfleet/cache';
import { createEvent, reviewCreated } from '@shopfleet/contracts';
import { CurrentPrincipal, Roles, type Principal } from '@shopfleet/identity';
import { AppError, newId } from '@shopfleet/kernel';
import { isDuplicateKey, Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { Limit } from '@shopfleet/rate-limit';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Collections } from '../collections.ts';
import { PurchasesService } from '../purchases/purchases.service.ts';
import { tagsOf } from './cache-families.ts';
import type { ReviewDocument } from './product.document.ts';
import { presentReview, reviewsView } from './products.presenter.ts';
import { idOrSlugParameter } from './products.query.ts';
import { ProductsRepository } from './products.repository.ts';

const reviewEntry = z.strictObject({
  rating: z.int().min(1).max(5),
  text: z.string().trim().min(1).max(5_000).describe('plain text: shown as it was typed, never as HTML'),
  author: z.string().trim().min(1).max(60).default('A customer').describe('how to be called beside it'),
});
const reviewView = reviewsView.shape.items.element;

@ApiTags('catalogue')
@Roles('customer')
@Limit('reviews')
@Controller('api/products')
export class ReviewsController {
  constructor(
    private readonly products: ProductsRepository,
    private readonly purchases: PurchasesService,
    private readonly collections: Collections,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly cache: Cache,
  ) {}

  @Post(':id/reviews')
  @ApiResponse({ status: 201, description: 'The review, counted in the rating.', standardSchema: reviewView })
  async create(
    @Param({ schema: idOrSlugParameter }) { id }: z.infer<typeof idOrSlugParameter>,
    @Body({ schema: reviewEntry }) entry: z.infer<typeof reviewEntry>,
    @CurrentPrincipal() { userId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof reviewView>> {
    const product = await this.products.findByIdOrSlug(id);
    if (!product) throw new AppError('not-found', { detail: `There is no product ${id}.` });
    if (!(await this.purchases.hasBought(userId, product._id))) throw new AppError('forbidden', { detail: 'Only those who bought a product can review it. Paid orders count within seconds.' });
    const review: ReviewDocument = { _id: newId('rev'), productId: product._id, userId, ...entry, createdAt: new Date() };
    try {
      await this.store(review);
    } catch (error) {
      if (isDuplicateKey(error)) throw new AppError('conflict', { detail: 'You have reviewed this product already.', cause: error });
      throw error;
    }
    await this.cache.invalidate(tagsOf({ id: product._id, slug: product.slug }));
    reply.header('cache-control', 'private, no-store');
    return presentReview(review);
  }

  // The rating is counted from the reviews, not carried on: rounding cannot add up.
  private async store(review: ReviewDocument): Promise<void> {
    const { _id, productId, userId, rating } = review;
    await this.transactions.run(async (session) => {
      await this.collections.reviews.insertOne(review, { session });
      const [counted] = await this.collections.reviews
        .aggregate<{ average: number; count: number }>([{ $match: { productId } }, { $group: { _id: null, average: { $avg: '$rating' }, count: { $sum: 1 } } }], { session, hint: 'product_newest' }).toArray();
      const { average = rating, count = 1 } = counted ?? {};
      await this.collections.products.updateOne({ _id: productId }, { $set: { rating: { average: Math.round(average * 100) / 100, count } } }, { session });
      await this.outbox.append(session, [createEvent(reviewCreated, { source: 'product', subject: productId, data: { reviewId: _id, productId, userId, rating } })]);
    });
  }
}
