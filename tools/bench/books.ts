import { check, openBooks, untilSettled } from '@shopfleet/invariants';
import type { BenchShop } from './bench-shop.ts';

/** How many rules of `npm run invariants` a shop breaks when nothing is under way any more; names them. */
export async function booksDiffer(shop: BenchShop): Promise<number> {
  const uri = (app: string): string => shop.environmentOf(app)['MONGODB_URI'] ?? '';
  const books = await openBooks({
    orderUri: uri('order-service'),
    productUri: uri('product-service'),
    otherUris: [uri('auth-service'), uri('notification-service')],
    paymentUrl: shop.environmentOf('order-service')['PAYMENT_URL'] ?? '',
  });
  try {
    await untilSettled(books, 60_000);
    const broken = (await check(books)).filter(({ difference }) => difference !== 0);
    for (const { rule, figures } of broken) console.log(`  ✗ ${rule}: ${figures}`);
    return broken.length;
  } finally {
    await books.close();
  }
}
