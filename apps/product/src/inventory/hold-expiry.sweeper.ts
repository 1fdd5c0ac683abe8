import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AppError, type Drainable } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { InventoryService } from './inventory.service.ts';
import { StockRepository } from './stock.repository.ts';

const EVERY_MS = 5_000;
const BATCH = 100;

/**
 * Gives back what was held for orders that were not paid in time. Every worker sweeps; of two that meet at one hold the
 * second finds it released.
 */
@Injectable()
export class HoldExpirySweeper implements OnApplicationBootstrap, Drainable {
  private readonly logger = new Logger(HoldExpirySweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly stock: StockRepository,
    private readonly inventory: InventoryService,
    private readonly transactions: Transactions,
  ) {}

  onApplicationBootstrap(): void {
    this.plan();
  }

  /** Releases the holds past their end, the oldest first; resolves with how many. */
  async sweep(): Promise<number> {
    const expired = await this.stock.findExpiredHolds(new Date(), BATCH);
    let released = 0;
    for (const orderId of expired) {
      try {
        await this.transactions.run((session) => this.inventory.release(orderId, 'released', 'expired', session));
        released += 1;
      } catch (error) {
        // Where the database is away, none can be released. One that the ledger contradicts holds up nobody behind it.
        if (error instanceof AppError) throw error;
        this.logger.error(`the hold of ${orderId} has expired and cannot be released: ${String(error)}`);
      }
    }
    return released;
  }

  async drain(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  // Jittered, so that the workers do not all look at the same moment.
  private plan(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep().then(
        (released) => (released > 0 ? this.logger.log(`${released} holds had expired and were released`) : undefined),
        (error: unknown) => this.logger.warn(`holds could not be swept, trying again: ${error instanceof Error ? error.message : String(error)}`),
      );
      void this.sweeping.then(() => this.plan());
    }, EVERY_MS * (0.5 + Math.random()));
    this.timer.unref();
  }
}
