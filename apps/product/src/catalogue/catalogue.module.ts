import { Module } from '@nestjs/common';
import { InventoryModule } from '../inventory/inventory.module.ts';
import { CatalogueService } from './catalogue.service.ts';
import { DiscoveryController } from './discovery.controller.ts';
import { ProductAdminController } from './product-admin.controller.ts';
import { ProductAdminService } from './product-admin.service.ts';
import { ProductChangesConsumer } from './product-changes.consumer.ts';
import { ProductsController } from './products.controller.ts';
import { ProductsRepository } from './products.repository.ts';

@Module({
  imports: [InventoryModule],
  controllers: [ProductsController, DiscoveryController, ProductAdminController, ProductChangesConsumer],
  providers: [ProductsRepository, CatalogueService, ProductAdminService],
})
export class CatalogueModule {}
