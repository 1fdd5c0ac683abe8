import { Module } from '@nestjs/common';
import { HoldExpirySweeper } from './hold-expiry.sweeper.ts';
import { InventoryController } from './inventory.controller.ts';
import { InventoryService } from './inventory.service.ts';
import { OrdersConsumer } from './orders.consumer.ts';
import { StockRepository } from './stock.repository.ts';

@Module({
  controllers: [InventoryController, OrdersConsumer],
  providers: [StockRepository, InventoryService, HoldExpirySweeper],
  exports: [StockRepository, HoldExpirySweeper],
})
export class InventoryModule {}
