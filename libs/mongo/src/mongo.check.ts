import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { DependencyCheck } from '@shopfleet/kernel';
import type { Connection } from 'mongoose';

/** Asks for a primary that answers; rejects after about two seconds. */
@Injectable()
export class MongoCheck implements DependencyCheck {
  readonly name = 'mongodb';

  constructor(@InjectConnection() private readonly connection: Connection) {}

  async check(): Promise<void> {
    await this.connection.getClient().db().command({ ping: 1, maxTimeMS: 1_000 }, { readPreference: 'primary' });
  }
}
