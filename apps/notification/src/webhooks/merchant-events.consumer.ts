import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { imageFailed, imageProcessed, orderPaid, stockLow, type EventOf, type OrderLine } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';
import { InternalClient } from '@shopfleet/service';
import { z } from 'zod';
import { MerchantEvents } from './merchant-events.ts';

const product = z.object({ partnerId: z.string() });

@Controller()
export class MerchantEventsConsumer {
  constructor(
    private readonly merchants: MerchantEvents,
    private readonly internal: InternalClient,
  ) {}

  @EventPattern<string>(orderPaid.type)
  async paid(@Payload() event: EventOf<typeof orderPaid>): Promise<void> {
    if (!(await this.merchants.isWanted(orderPaid.type))) return;
    const { orderId, number, lines } = event.data;
    const own = new Map<string, OrderLine[]>();
    for (const line of lines) if (line.partnerId !== undefined) own.set(line.partnerId, [...(own.get(line.partnerId) ?? []), line]);
    await this.merchants.tell(event, new Map([...own].map(([partnerId, ownLines]) => [partnerId, { orderId, number, lines: ownLines.map(withoutPartner) }])));
  }

  @EventPattern<string>(stockLow.type)
  async low(@Payload() event: EventOf<typeof stockLow>): Promise<void> {
    await this.tellOwner(event);
  }

  @EventPattern<string>(imageProcessed.type)
  async processed(@Payload() event: EventOf<typeof imageProcessed>): Promise<void> {
    await this.tellOwner(event);
  }

  @EventPattern<string>(imageFailed.type)
  async failed(@Payload() event: EventOf<typeof imageFailed>): Promise<void> {
    await this.tellOwner(event);
  }

  private async tellOwner(event: EventOf<typeof stockLow> | EventOf<typeof imageProcessed> | EventOf<typeof imageFailed>): Promise<void> {
    if (!(await this.merchants.isWanted(event.type))) return;
    const { productId } = event.data;
    const owner = await this.internal.get(`/api/products/${encodeURIComponent(productId)}`, product, { timeoutMs: 2_000 }).catch((error: unknown) => {
      // Deleted meanwhile: nobody needs to restock it or to see its picture.
      if (error instanceof AppError && error.code === 'not-found') return undefined;
      throw error;
    });
    if (owner !== undefined) await this.merchants.tell(event, new Map([[owner.partnerId, event.data]]));
  }
}

function withoutPartner({ partnerId: _partnerId, ...line }: OrderLine): Omit<OrderLine, 'partnerId'> {
  return line;
}
