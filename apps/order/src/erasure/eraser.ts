import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { Jobs, ordersPolicy } from '@shopfleet/jobs';
import type { ClientSession, Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import { OrdersRepository } from '../orders/orders.repository.ts';

/** Collection `erasures`: an account that is gone and of which orders may still hold something personal. */
interface ErasureRow {
  /** The user's id. */
  readonly _id: string;
  readonly at: Date;
  /** When the orders are looked at next. */
  readonly dueAt: Date;
}

/** An access token outlives its account for 15 minutes: so long after the account no further order of it appears. */
const lastOrderMs = 20 * 60_000;
/** How often it is looked whether orders on their way have arrived. */
const lookAgainMs = 3_600_000;
/** Accounts of one sweep, so that it ends before the next is due. */
const accountsAtOnce = 100;

/**
 * Takes what is personal out of the orders of accounts that were erased. Of an order that is on its way it is kept until
 * the parcel has arrived or the order has ended; an account is looked at until nothing is left. Any worker may go on
 * where another ended, and doing it twice does nothing.
 */
@Injectable()
export class Eraser implements OnApplicationBootstrap {
  private readonly logger = new Logger(Eraser.name);
  private readonly rows: Collection<ErasureRow>;

  constructor(
    @InjectConnection() connection: Connection,
    private readonly orders: OrdersRepository,
    private readonly jobs: Jobs,
    private readonly intervalMs: number,
  ) {
    this.rows = connection.getClient().db().collection<ErasureRow>('erasures');
  }

  onApplicationBootstrap(): void {
    this.jobs.repeat('erasure', ordersPolicy, this.intervalMs, () => this.sweep(new Date()));
  }

  /** Has the next sweep forget this customer. */
  async note(userId: string, session: ClientSession): Promise<void> {
    const at = new Date();
    await this.rows.updateOne({ _id: userId }, { $set: { at, dueAt: at } }, { upsert: true, session });
  }

  /** Works off what is due at this moment. */
  async sweep(now: Date): Promise<void> {
    const due = await this.rows.find({ dueAt: { $lte: now } }).sort({ dueAt: 1 }).limit(accountsAtOnce).toArray();
    for (const { _id, at } of due) {
      const isAllErased = await this.orders.eraseOf(_id).catch((error: unknown) => {
        // It comes again in its turn, and holds up nobody behind it.
        this.logger.error(`orders of the erased account ${_id} are looked at again in an hour: ${String(error)}`);
        return false;
      });
      const mayStillOrder = now.getTime() < at.getTime() + lastOrderMs;
      if (isAllErased && !mayStillOrder) await this.rows.deleteOne({ _id, at });
      else await this.rows.updateOne({ _id, at }, { $set: { dueAt: new Date(mayStillOrder ? at.getTime() + lastOrderMs : now.getTime() + lookAgainMs) } });
    }
  }
}
