import { Module } from '@nestjs/common';
import { PurchasesModule } from '../purchases/purchases.module.ts';
import { HoldExpirySweeper } from './hold-expiry.sweeper.ts';
import { InventoryController } from './inventory.controller.ts';
import { InventoryService } from './inventory.service.ts';
import { OrdersConsumer } from './orders.consumer.ts';
import { StockRepository } from './stock.repository.ts';

@Module({
  imports: [PurchasesModule],
  controllers: [InventoryController, OrdersConsumer],
  providers: [StockRepository, InventoryService, HoldExpirySweeper],
  exports: [StockRepository, HoldExpirySweeper],
})
export class InventoryModule {}
