import { Body, Controller, Delete, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Roles } from '@shopfleet/identity';
import { Limit } from '@shopfleet/rate-limit';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CategoryAdminService } from './category-admin.service.ts';
import { versionOf } from './if-match.ts';
import type { CategoryDocument } from './product.document.ts';

const categoryEntry = z.strictObject({
  name: z.string().trim().min(1).max(100),
  parentId: z.string().min(1).max(100).nullable().default(null).describe('the category it belongs to; null: a root. There are three levels'),
  position: z.int().min(0).max(10_000).default(0).describe('its place among its siblings'),
});
const categoryEdit = z.strictObject({ name: z.string().trim().min(1).max(100).optional(), position: z.int().min(0).max(10_000).optional() });
const categoryParameter = z.strictObject({ id: z.string().min(1).max(100) });
const adminCategory = z.strictObject({ id: z.string(), slug: z.string(), name: z.string(), level: z.int(), parentId: z.string().nullable(), position: z.int(), version: z.int() });
const ifMatchHeader = { name: 'If-Match', required: true, description: '`"v<version>"` of the category as it was read' };

@ApiTags('catalogue administration')
@Roles('manager')
@Limit('catalogue-writes')
@Controller('api/categories')
export class CategoryAdminController {
  constructor(private readonly admin: CategoryAdminService) {}

  @Post()
  @ApiResponse({ status: 201, description: 'The new category.', standardSchema: adminCategory })
  async create(@Body({ schema: categoryEntry }) entry: z.infer<typeof categoryEntry>, @Res({ passthrough: true }) reply: FastifyReply): Promise<z.infer<typeof adminCategory>> {
    return present(await this.admin.create(entry), reply);
  }

  @Patch(':id')
  @ApiHeader(ifMatchHeader)
  @ApiResponse({ status: 200, description: 'The category after the change. Its slug stays: addresses do not break.', standardSchema: adminCategory })
  async change(
    @Param({ schema: categoryParameter }) { id }: z.infer<typeof categoryParameter>,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: categoryEdit }) edit: z.infer<typeof categoryEdit>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof adminCategory>> {
    return present(await this.admin.change(id, versionOf(ifMatch, 'category'), edit), reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiHeader(ifMatchHeader)
  @ApiResponse({ status: 204, description: 'It is gone; only an empty one can go.' })
  async remove(@Param({ schema: categoryParameter }) { id }: z.infer<typeof categoryParameter>, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    await this.admin.remove(id, versionOf(ifMatch, 'category'));
  }
}

function present({ _id, slug, name, level, parentId, position, version = 1 }: CategoryDocument, reply: FastifyReply): z.infer<typeof adminCategory> {
  reply.headers({ etag: `"v${version}"`, 'cache-control': 'private, no-store' });
  return { id: _id, slug, name, level, parentId, position, version };
}
