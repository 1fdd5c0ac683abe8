import type { ProductConfig } from './config.ts';

/** What providers need of the configuration. */
export class Settings {
  readonly environment: string;
  readonly gatewayUrl: string;
  /** How long stock is held for an unpaid order. */
  readonly holdMs: number;

  constructor(config: ProductConfig) {
    this.environment = config.NODE_ENV;
    this.gatewayUrl = config.GATEWAY_URL;
    this.holdMs = config.HOLD_SECONDS * 1_000;
  }
}
