import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Collection, Document } from 'mongodb';
import type { Connection } from 'mongoose';
import type { BasketDocument, CategoryDocument, DealDocument, PairDocument, ProductDocument, PurchaseDocument, ReviewDocument, SearchWordDocument } from './catalogue/product.document.ts';
import type { ImageJobDocument, PictureDocument } from './images/image.document.ts';
import type { HoldDocument, MovementDocument, StockDocument } from './inventory/stock.document.ts';

/**
 * The service's collections, over the pool of the mongoose connection. They are used through the driver's own typed
 * collections: lists are read twice as fast as hydrated documents, and each write is one conditional update.
 */
@Injectable()
export class Collections {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  get products(): Collection<ProductDocument> {
    return this.collection('products');
  }
  get categories(): Collection<CategoryDocument> {
    return this.collection('categories');
  }
  get deals(): Collection<DealDocument> {
    return this.collection('deals');
  }
  get reviews(): Collection<ReviewDocument> {
    return this.collection('reviews');
  }
  get baskets(): Collection<BasketDocument> {
    return this.collection('baskets');
  }
  get pairs(): Collection<PairDocument> {
    return this.collection('pairs');
  }
  get purchases(): Collection<PurchaseDocument> {
    return this.collection('purchases');
  }
  get searchWords(): Collection<SearchWordDocument> {
    return this.collection('search_words');
  }
  get imageJobs(): Collection<ImageJobDocument> {
    return this.collection('image_jobs');
  }
  get pictures(): Collection<PictureDocument> {
    return this.collection('pictures');
  }
  get stock(): Collection<StockDocument> {
    return this.collection('stock');
  }
  get movements(): Collection<MovementDocument> {
    return this.collection('stock_movements');
  }
  get holds(): Collection<HoldDocument> {
    return this.collection('holds');
  }

  private collection<T extends Document>(name: string): Collection<T> {
    return this.connection.getClient().db(this.connection.name).collection<T>(name) as unknown as Collection<T>;
  }
}
