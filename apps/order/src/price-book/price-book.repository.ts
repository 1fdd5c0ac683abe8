import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { PriceBookEntry } from '@shopfleet/contracts';
import type { Money } from '@shopfleet/kernel';
import { Gathered, isDuplicateKey } from '@shopfleet/mongo';
import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import type { Connection } from 'mongoose';

/** A SKU and what it costs, as the product service last said. */
export type PriceBookDocument = Omit<PriceBookEntry, 'sku'> & {
  /** The SKU. */
  readonly _id: string;
  /** Version of the product that the price is of; price changes travel apart from the rest. */
  readonly priceVersion: number;
};

/**
 * Order's own copy of prices. Events arrive in any order, so each write compares versions; an event that comes twice
 * changes nothing.
 */
@Injectable()
export class PriceBookRepository {
  private readonly book: Collection<PriceBookDocument>;
  private readonly look = new Gathered((lists: readonly (readonly string[])[]) => this.findAll(lists));

  constructor(@InjectConnection() connection: Connection) {
    this.book = connection.getClient().db().collection<PriceBookDocument>('price_book', { ignoreUndefined: true });
  }

  /** The entries there are for these SKUs, by SKU; others may be among them. */
  async findBySkus(skus: readonly string[]): Promise<ReadonlyMap<string, PriceBookDocument>> {
    return this.look.run(skus);
  }

  async replaceProduct(productId: string, version: number, variants: readonly PriceBookEntry[]): Promise<void> {
    const skus = variants.map(({ sku }) => sku);
    await this.write([
      ...variants.map(entryWrite),
      // A variant the product no longer has cannot be sold any more.
      { updateMany: { filter: { productId, version: { $lt: version }, _id: { $nin: skus } }, update: { $set: { active: false, version } } } },
    ]);
  }

  async retire(skus: readonly string[], version: number): Promise<void> {
    await this.book.updateMany({ _id: { $in: [...skus] }, version: { $lt: version } }, { $set: { active: false, version } });
  }

  async changePrice(sku: string, price: Money, version: number): Promise<void> {
    await this.book.updateOne({ _id: sku, priceVersion: { $lt: version } }, { $set: { price, priceVersion: version } });
  }

  private async findAll(lists: readonly (readonly string[])[]): Promise<ReadonlyMap<string, PriceBookDocument>[]> {
    const entries = await this.book.find({ _id: { $in: [...new Set(lists.flat())] } }).toArray();
    const bySku = new Map(entries.map((entry) => [entry._id, entry]));
    return lists.map(() => bySku);
  }

  private async write(operations: AnyBulkWriteOperation<PriceBookDocument>[]): Promise<void> {
    try {
      await this.book.bulkWrite(operations, { ordered: false });
    } catch (error) {
      // The entry is there in this version or a newer one: the upsert's filter passed it over.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

function entryWrite({ sku, price, ...entry }: PriceBookEntry): AnyBulkWriteOperation<PriceBookDocument> {
  const newerPrice = { $gt: [{ $ifNull: ['$priceVersion', -1] }, entry.version] };
  return {
    updateOne: {
      filter: { _id: sku, version: { $lt: entry.version } },
      update: [
        {
          $set: {
            ...Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, { $literal: value }])),
            price: { $cond: [newerPrice, '$price', { $literal: price }] },
            priceVersion: { $max: ['$priceVersion', entry.version] },
          },
        },
      ],
      upsert: true,
    },
  };
}
