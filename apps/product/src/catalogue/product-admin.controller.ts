import { Body, Controller, Delete, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Roles, type Principal } from '@shopfleet/identity';
import { currencies } from '@shopfleet/kernel';
import { Limit } from '@shopfleet/rate-limit';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { versionOf } from './if-match.ts';
import { ProductAdminService } from './product-admin.service.ts';
import type { ProductDocument } from './product.document.ts';
import { presentProduct, productView } from './products.presenter.ts';
import { idOrSlugParameter } from './products.query.ts';
import { ProductsRepository } from './products.repository.ts';

const price = z.strictObject({ amount: z.int().min(0).max(1_000_000_000), currency: z.enum(currencies) });
const name = z.string().trim().min(1).max(200);
const description = z.string().trim().max(10_000);
const sku = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u, 'up to 64 letters, digits, dots, hyphens and underscores');
const attributes = z.record(z.string().min(1).max(40).regex(/^[A-Za-z][\w -]*$/u, 'a word'), z.string().max(100));
const status = z.enum(['draft', 'active']);

const variantEntry = z.strictObject({ sku, name: z.string().trim().max(200), attributes: attributes.default({}), price, compareAt: price.optional(), weightGrams: z.int().min(0).max(1_000_000) });
const productEntry = z.strictObject({
  name,
  description: description.default(''),
  brand: z.string().trim().min(1).max(100),
  categoryId: z.string().min(1).max(100),
  partnerId: z.string().min(1).max(100).optional().describe('whose product it is; only staff may say so'),
  status: status.default('active'),
  taxClass: z.enum(['standard', 'reduced']).default('standard'),
  variants: z.array(variantEntry).min(1).max(100),
});
const productEdit = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  status: status.optional(),
  categoryId: z.string().min(1).max(100).optional(),
  variants: z
    .array(z.strictObject({ sku, name: z.string().trim().max(200).optional(), price: price.optional(), compareAt: price.nullable().optional(), active: z.boolean().optional() }))
    .max(100).optional().describe('variants that change, each by its SKU; the others stay as they are'),
});

@ApiTags('catalogue administration')
@Roles('manager', 'partner-owner')
@Limit('admin-write')
@Controller('api/products')
export class ProductAdminController {
  constructor(
    private readonly admin: ProductAdminService,
    private readonly products: ProductsRepository,
  ) {}

  @Post()
  @ApiResponse({ status: 201, description: 'The new product; its stock is 0 until it is received.', standardSchema: productView })
  async create(
    @Body({ schema: productEntry }) entry: z.infer<typeof productEntry>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof productView>> {
    const product = await this.admin.create(entry, principal);
    reply.header('location', `/api/products/${product._id}`);
    return this.present(product, reply);
  }

  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the product as it was read' })
  @ApiResponse({ status: 200, description: 'The product after the change.', standardSchema: productView })
  async change(
    @Param({ schema: idOrSlugParameter }) { id }: z.infer<typeof idOrSlugParameter>,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: productEdit }) edit: z.infer<typeof productEdit>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof productView>> {
    return this.present(await this.admin.change(id, versionOf(ifMatch), edit, principal), reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the product as it was read' })
  @ApiResponse({ status: 204, description: 'It is no longer in the catalogue.' })
  async remove(
    @Param({ schema: idOrSlugParameter }) { id }: z.infer<typeof idOrSlugParameter>,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.admin.remove(id, versionOf(ifMatch), principal);
  }

  private async present(product: ProductDocument, reply: FastifyReply): Promise<z.infer<typeof productView>> {
    reply.headers({ etag: `"v${product.version}"`, 'cache-control': 'private, no-store' });
    return presentProduct(product, await this.products.findCategoriesById(product.categoryIds));
  }
}
