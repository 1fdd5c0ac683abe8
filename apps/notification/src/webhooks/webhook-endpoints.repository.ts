import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Gathered, trusted, type ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { WEBHOOK_ENDPOINT_MODEL, type WebhookEndpoint, type WebhookEvent } from './webhook-endpoint.schema.ts';

// Nobody waits for a merchant to be told: one question for all events of this time, in milliseconds.
const companyMs = 200;

@Injectable()
export class WebhookEndpointsRepository {
  private readonly wanted = new Gathered(async (events: readonly WebhookEvent[]): Promise<boolean[]> => {
    const answers = new Map([...new Set(events)].map((event) => [event, this.endpoints.exists({ events: event, active: true }).exec()]));
    return Promise.all(events.map(async (event) => (await answers.get(event)) !== null));
  }, { lingerMs: companyMs });

  constructor(@InjectModel(WEBHOOK_ENDPOINT_MODEL) private readonly endpoints: Model<WebhookEndpoint>) {}

  async add(endpoint: WebhookEndpoint): Promise<void> {
    await this.endpoints.create([endpoint]);
  }

  async findAllOf(partnerId: string): Promise<WebhookEndpoint[]> {
    return await this.endpoints.find({ partnerId }).sort({ _id: 1 }).limit(100).lean<WebhookEndpoint[]>();
  }

  async find(id: string): Promise<WebhookEndpoint | undefined> {
    return (await this.endpoints.findById(id).lean<WebhookEndpoint>()) ?? undefined;
  }

  /** Undefined when the partner has none of that id. */
  async change(id: string, partnerId: string, change: Partial<Pick<WebhookEndpoint, 'url' | 'events' | 'active'>>, newSecret: boolean): Promise<WebhookEndpoint | undefined> {
    const changed = await this.endpoints
      .findOneAndUpdate({ _id: id, partnerId }, { $set: change, ...(newSecret && { $inc: { secretVersion: 1 } }) }, { returnDocument: 'after' })
      .lean<WebhookEndpoint>();
    return changed ?? undefined;
  }

  /** Resolves false when the partner has none of that id. */
  async remove(id: string, partnerId: string): Promise<boolean> {
    const { deletedCount } = await this.endpoints.deleteOne({ _id: id, partnerId });
    return deletedCount === 1;
  }

  /** Whether anybody wants an event at all. */
  async isWanted(event: WebhookEvent): Promise<boolean> {
    return this.wanted.run(event);
  }

  /** Active endpoints of these partners that want an event. */
  async findFor(event: WebhookEvent, partnerIds: readonly string[], session: ClientSession): Promise<WebhookEndpoint[]> {
    return await this.endpoints.find({ partnerId: trusted({ $in: [...partnerIds] }), events: event, active: true }, undefined, { session }).lean<WebhookEndpoint[]>();
  }
}
