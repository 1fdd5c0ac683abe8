import { objectStoreOptions, type ObjectStoreOptions } from '@shopfleet/images';
import type { ProductConfig } from './config.ts';

/** What providers need of the configuration. */
export class Settings {
  readonly environment: string;
  readonly gatewayUrl: string;
  /** How long stock is held for an unpaid order. */
  readonly holdMs: number;
  readonly imageStore: ObjectStoreOptions;
  readonly imageQueueMax: number;

  constructor(config: ProductConfig) {
    this.environment = config.NODE_ENV;
    this.gatewayUrl = config.GATEWAY_URL;
    this.holdMs = config.HOLD_SECONDS * 1_000;
    this.imageStore = objectStoreOptions(config);
    this.imageQueueMax = config.IMAGES_QUEUE_MAX;
  }
}
