import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@shopfleet/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { productDetail, productList, productReviews, recommendations } from './cache-families.ts';
import { CatalogueService } from './catalogue.service.ts';
import { HotAnswers } from './hot-answers.ts';
import { ProductListService } from './product-list.service.ts';
import { productCards, productPage, productView, reviewsView } from './products.presenter.ts';
import { detailQuery, idOrSlugParameter, productsQuery, reviewsQuery, type ProductsQuery } from './products.query.ts';

const RELATED = 10;

@ApiTags('catalogue')
@Public()
@Controller('api/products')
export class ProductsController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly lists: ProductListService,
    private readonly answers: HotAnswers,
  ) {}

  @Get()
  @ApiResponse({ status: 200, description: 'A page of products.', standardSchema: productPage })
  async list(@Query({ schema: productsQuery }) query: ProductsQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.answers.send(request, reply, await this.lists.list(query), productList.ttlSeconds);
  }

  @Get(':id')
  @ApiResponse({ status: 200, description: 'A product, by its id or slug.', standardSchema: productView })
  async detail(
    @Param({ schema: idOrSlugParameter }) { id }: z.infer<typeof idOrSlugParameter>,
    @Query({ schema: detailQuery }) { fields }: z.infer<typeof detailQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.answers.send(request, reply, await this.catalogue.detail(id, fields), productDetail.ttlSeconds);
  }

  @Get(':id/related')
  @ApiResponse({ status: 200, description: 'Products that go with it.', standardSchema: productCards })
  async related(
    @Param({ schema: idOrSlugParameter }) { id }: z.infer<typeof idOrSlugParameter>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.answers.send(request, reply, await this.catalogue.related(id, RELATED), recommendations.ttlSeconds);
  }

  @Get(':id/reviews')
  @ApiResponse({ status: 200, description: 'What customers say, newest first.', standardSchema: reviewsView })
  async reviews(
    @Param({ schema: idOrSlugParameter }) { id }: z.infer<typeof idOrSlugParameter>,
    @Query({ schema: reviewsQuery }) { limit, cursor }: z.infer<typeof reviewsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.answers.send(request, reply, await this.catalogue.reviews(id, limit, cursor), productReviews.ttlSeconds);
  }
}
