import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { problemSchema } from '@shopfleet/service';
import { addWishSchema, wishlistSchema, wishParametersSchema, type AddWish, type WishlistView } from './wishlist.schema.ts';
import { MOST_WISHES, WishlistStore, type Wish } from './wishlist.store.ts';

/** What a customer would like to have; they are told when it becomes cheaper. */
@ApiTags('Wish list')
@Controller('api/cart/wishlist')
@Authenticated()
export class WishlistController {
  constructor(private readonly wishlist: WishlistStore) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Read the wish list, the newest wish first' })
  @ApiResponse({ status: 200, standardSchema: wishlistSchema })
  async read(@CurrentPrincipal() { userId }: Principal): Promise<WishlistView> {
    return present(await this.wishlist.read(userId));
  }

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Wish for a SKU; may be repeated' })
  @ApiResponse({ status: 200, standardSchema: wishlistSchema })
  @ApiResponse({ status: 409, standardSchema: problemSchema, description: 'The list is full' })
  async add(@CurrentPrincipal() { userId }: Principal, @Body({ schema: addWishSchema }) { sku }: AddWish): Promise<WishlistView> {
    const status = await this.wishlist.add(userId, sku);
    if (status === 'unknown-sku') {
      const detail = `There is nothing for sale under the SKU "${sku}". Take one from the variants of a product.`;
      throw new AppError('validation-failed', { detail, errors: [{ pointer: '/sku', message: 'is not for sale' }] });
    }
    if (status === 'too-many') throw new AppError('conflict', { detail: `A wish list holds at most ${MOST_WISHES} articles. Remove one first.` });
    return present(await this.wishlist.read(userId));
  }

  @Delete(':sku')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Take a SKU off the wish list' })
  @ApiResponse({ status: 200, standardSchema: wishlistSchema })
  async remove(@CurrentPrincipal() { userId }: Principal, @Param({ schema: wishParametersSchema }) { sku }: { sku: string }): Promise<WishlistView> {
    if (!(await this.wishlist.remove(userId, sku))) throw new AppError('not-found', { detail: `"${sku}" is not on your wish list.` });
    return present(await this.wishlist.read(userId));
  }
}

function present(wishes: readonly Wish[]): WishlistView {
  return {
    items: wishes.map(({ sku, price, wishedAt, entry }) => ({
      sku,
      ...(entry !== undefined && { productId: entry.productId }),
      name: entry?.name ?? sku,
      variantName: entry?.variantName ?? '',
      price: entry?.price ?? price,
      priceWhenWished: price,
      cheaper: entry?.active === true && entry.price.currency === price.currency && entry.price.amount < price.amount,
      available: entry?.active === true,
      wishedAt: wishedAt.toISOString(),
    })),
  };
}
