import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, stockAvailabilityChanged } from '@shopfleet/contracts';
import { Availability } from '../availability/availability.store.ts';

/** Hears what sells out and what comes back. */
@Controller()
export class StockConsumer {
  constructor(private readonly availability: Availability) {}

  @EventPattern<string>('stock.availability-changed.v1')
  async onChanged(@Payload() { data }: EventOf<typeof stockAvailabilityChanged>): Promise<void> {
    await this.availability.apply(data.sku, data.version, data.inStock);
  }
}
