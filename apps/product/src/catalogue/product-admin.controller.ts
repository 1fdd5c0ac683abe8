import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Roles, type Principal } from '@shopfleet/identity';
import { Limit } from '@shopfleet/rate-limit';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { versionOf } from './if-match.ts';
import { ProductAdminService } from './product-admin.service.ts';
import type { ProductDocument } from './product.document.ts';
import { productEdit, productEntry, skuEntry, variantEntry, type ProductEdit, type ProductEntry } from './product-entry.ts';
import { presentProduct, presentRecord, productRecord, productView } from './products.presenter.ts';
import { idOrSlugParameter } from './products.query.ts';
import { ProductsRepository } from './products.repository.ts';

type ProductParameter = z.infer<typeof idOrSlugParameter>;
const variantParameter = idOrSlugParameter.extend({ sku: skuEntry });
const ifMatchHeader = { name: 'If-Match', required: true, description: 'ETag of the product as it was read' };

@ApiTags('catalogue administration')
@Roles('manager', 'partner-owner')
@Limit('catalogue-writes')
@Controller('api/products')
export class ProductAdminController {
  constructor(
    private readonly admin: ProductAdminService,
    private readonly products: ProductsRepository,
  ) {}

  @Post()
  @ApiResponse({ status: 201, description: 'The new product; its stock is 0 until it is received.', standardSchema: productView })
  async create(
    @Body({ schema: productEntry }) entry: ProductEntry,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof productView>> {
    const product = await this.admin.create(entry, principal);
    reply.header('location', `/api/products/${product._id}`);
    return this.present(product, reply);
  }

  /** A draft can be read nowhere else, and whoever changes one needs its ETag. */
  @Get(':id/record')
  @ApiResponse({ status: 200, description: 'The product as it is kept, whatever its status, with the ETag that a change needs.', standardSchema: productRecord })
  async record(
    @Param({ schema: idOrSlugParameter }) { id }: ProductParameter,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof productRecord>> {
    const product = await this.admin.find(id, principal);
    headersOf(product, reply);
    return presentRecord(product, await this.products.findCategoriesById(product.categoryIds));
  }

  @Patch(':id')
  @ApiHeader(ifMatchHeader)
  @ApiResponse({ status: 200, description: 'The product after the change.', standardSchema: productView })
  async change(
    @Param({ schema: idOrSlugParameter }) { id }: ProductParameter,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: productEdit }) edit: ProductEdit,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof productView>> {
    return this.present(await this.admin.change(id, versionOf(ifMatch, 'product'), edit, principal), reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiHeader(ifMatchHeader)
  @ApiResponse({ status: 204, description: 'It is no longer in the catalogue.' })
  async remove(@Param({ schema: idOrSlugParameter }) { id }: ProductParameter, @Headers('if-match') ifMatch: string | undefined, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.admin.remove(id, versionOf(ifMatch, 'product'), principal);
  }

  @Post(':id/variants')
  @ApiHeader(ifMatchHeader)
  @ApiResponse({ status: 201, description: 'The product with the new variant, whose stock is 0.', standardSchema: productView })
  async addVariant(
    @Param({ schema: idOrSlugParameter }) { id }: ProductParameter,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: variantEntry }) variant: z.infer<typeof variantEntry>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof productView>> {
    return this.present(await this.admin.change(id, versionOf(ifMatch, 'product'), { newVariants: [variant] }, principal), reply);
  }

  /** It stays for the sake of old orders and is no longer for sale; PATCH with `active: true` brings it back. */
  @Delete(':id/variants/:sku')
  @ApiHeader(ifMatchHeader)
  @ApiResponse({ status: 200, description: 'The product without the variant.', standardSchema: productView })
  async removeVariant(
    @Param({ schema: variantParameter }) { id, sku }: z.infer<typeof variantParameter>,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof productView>> {
    return this.present(await this.admin.change(id, versionOf(ifMatch, 'product'), { variants: [{ sku, active: false }] }, principal), reply);
  }

  private async present(product: ProductDocument, reply: FastifyReply): Promise<z.infer<typeof productView>> {
    headersOf(product, reply);
    return presentProduct(product, await this.products.findCategoriesById(product.categoryIds));
  }
}

function headersOf({ version }: ProductDocument, reply: FastifyReply): void {
  reply.headers({ etag: `"v${version}"`, 'cache-control': 'private, no-store' });
}
