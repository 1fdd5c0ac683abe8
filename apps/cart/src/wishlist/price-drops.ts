import { Injectable } from '@nestjs/common';
import { createEvent, wishlistPriceDropped, type Envelope } from '@shopfleet/contracts';
import { money } from '@shopfleet/kernel';
import { PriceBook } from '../price-book/price-book.store.ts';
import { WishlistStore } from './wishlist.store.ts';

const AT_ONCE = 100;

/** Tells those who wish for something that it has become cheaper. */
@Injectable()
export class PriceDrops {
  constructor(
    private readonly wishlist: WishlistStore,
    private readonly priceBook: PriceBook,
  ) {}

  /**
   * Compares every wish for a SKU with its price of now. Repeating it, and several at once, announce nothing twice: an
   * announced wish is lowered in the same step. Ends early when the price moves meanwhile, for then the next event of it
   * announces what holds.
   * @returns how many were told
   */
  async announce(sku: string, causedBy?: Envelope): Promise<number> {
    const entry = await this.priceBook.find(sku);
    if (entry?.active !== true) return 0;
    const { productId, name, variantName, price } = entry;
    let told = 0;
    // Lowered wishes are no longer found, whoever lowered them; those in another currency stay and are passed over.
    for (let passed = 0; ; ) {
      const wishers = await this.wishlist.findWishersAbove(sku, price.amount, { skip: passed, limit: AT_ONCE });
      // All of a page in one pipeline, which Redis makes durable at once: thousands may wish for one thing.
      const outcomes = await Promise.all(
        wishers.map((wisher) => {
          const { userId, amount } = wisher;
          const data = { userId, sku, productId, name, variantName, old: money(amount, price.currency), new: price };
          return this.wishlist.drop(wisher, sku, price, createEvent(wishlistPriceDropped, { source: 'cart', subject: userId, data, causedBy }));
        }),
      );
      told += outcomes.filter((outcome) => outcome === 'told').length;
      passed += outcomes.filter((outcome) => outcome === 'other-currency').length;
      if (wishers.length < AT_ONCE || outcomes.includes('price-moved')) return told;
    }
  }
}
