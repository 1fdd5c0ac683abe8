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
      for (const wisher of wishers) {
        const { userId } = wisher;
        const data = { userId, sku, productId, name, variantName, old: money(wisher.amount, price.currency), new: price };
        const event = createEvent(wishlistPriceDropped, { source: 'cart', subject: userId, data, causedBy });
        const status = await this.wishlist.drop(wisher, sku, price, event);
        if (status === 'price-moved') return told;
        if (status === 'told') told += 1;
        if (status === 'other-currency') passed += 1;
      }
      if (wishers.length < AT_ONCE) return told;
    }
  }
}
