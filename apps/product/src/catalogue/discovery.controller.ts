import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@shopfleet/identity';
import { Limit } from '@shopfleet/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { categoryFamily, deals, productList, recommendations, suggestions } from './cache-families.ts';
import { CatalogueService } from './catalogue.service.ts';
import { HotAnswers } from './hot-answers.ts';
import { ProductListService } from './product-list.service.ts';
import { categoryTree, dealsView, productCards, productPage, suggestionsView } from './products.presenter.ts';
import { categoryProductsQuery, recommendationsQuery, slugParameter, suggestQuery, type ProductsQuery } from './products.query.ts';

/** The ways into the catalogue beside the list itself. */
@ApiTags('catalogue')
@Public()
@Controller('api')
export class DiscoveryController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly lists: ProductListService,
    private readonly answers: HotAnswers,
  ) {}

  @Get('categories')
  @ApiResponse({ status: 200, description: 'All categories as a tree.', standardSchema: categoryTree })
  async categories(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.answers.send(request, reply, await this.catalogue.categoryTree(), categoryFamily.ttlSeconds);
  }

  @Get('categories/:slug/products')
  @ApiResponse({ status: 200, description: 'A page of the products of a category and of all below it.', standardSchema: productPage })
  async categoryProducts(
    @Param({ schema: slugParameter }) { slug }: z.infer<typeof slugParameter>,
    @Query({ schema: categoryProductsQuery }) query: ProductsQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.answers.send(request, reply, await this.lists.list({ ...query, category: slug }), productList.ttlSeconds);
  }

  @Get('deals')
  @ApiResponse({ status: 200, description: 'The deals that run now.', standardSchema: dealsView })
  async deals(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.answers.send(request, reply, await this.catalogue.runningDeals(), deals.ttlSeconds);
  }

  @Get('recommendations')
  @ApiResponse({ status: 200, description: 'What others buy, or what goes with a product.', standardSchema: productCards })
  async recommendations(
    @Query({ schema: recommendationsQuery }) { productId, limit }: z.infer<typeof recommendationsQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.answers.send(request, reply, await this.catalogue.recommend(productId, limit), recommendations.ttlSeconds);
  }

  @Limit('search', { limit: 300, windowSeconds: 60 })
  @Get('search/suggest')
  @ApiResponse({ status: 200, description: 'Names that begin with what was typed.', standardSchema: suggestionsView })
  async suggest(@Query({ schema: suggestQuery }) query: z.infer<typeof suggestQuery>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.answers.send(request, reply, await this.catalogue.suggest(query), suggestions.ttlSeconds);
  }
}
