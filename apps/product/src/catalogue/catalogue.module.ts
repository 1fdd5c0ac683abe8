import { Module } from '@nestjs/common';
import { InventoryModule } from '../inventory/inventory.module.ts';
import { PurchasesModule } from '../purchases/purchases.module.ts';
import { SearchModule } from '../search/search.module.ts';
import { CacheWarmer } from './cache-warmer.ts';
import { CatalogueJobs } from './catalogue-jobs.ts';
import { CatalogueService } from './catalogue.service.ts';
import { CategoryAdminController } from './category-admin.controller.ts';
import { CategoryAdminService } from './category-admin.service.ts';
import { DealAdminController } from './deal-admin.controller.ts';
import { DiscoveryController } from './discovery.controller.ts';
import { FacetsRepository } from './facets.repository.ts';
import { HotAnswers } from './hot-answers.ts';
import { ProductListService } from './product-list.service.ts';
import { ProductAdminController } from './product-admin.controller.ts';
import { ProductAdminService } from './product-admin.service.ts';
import { ProductChangesConsumer } from './product-changes.consumer.ts';
import { ProductsController } from './products.controller.ts';
import { ReviewsController } from './reviews.controller.ts';
import { ProductsRepository } from './products.repository.ts';

@Module({
  imports: [InventoryModule, SearchModule, PurchasesModule],
  controllers: [ProductsController, DiscoveryController, ReviewsController, ProductAdminController, CategoryAdminController, DealAdminController, ProductChangesConsumer],
  providers: [ProductsRepository, FacetsRepository, CatalogueService, ProductListService, ProductAdminService, CategoryAdminService, CatalogueJobs, HotAnswers, CacheWarmer],
  exports: [ProductAdminService, CatalogueJobs, HotAnswers],
})
export class CatalogueModule {}
