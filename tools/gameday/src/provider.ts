import { readRunFile } from '@shopfleet/local';
import type { Stage } from './stage.ts';

/** The simulated payment provider of a shop in development. */
export class Provider {
  readonly #url: string;
  readonly #usualMs: number;

  constructor({ instance }: Stage) {
    const apps = readRunFile(instance)?.apps;
    this.#url = apps?.['order-service']?.['PAYMENT_URL'] ?? '';
    // What the simulator takes when nothing else is said (apps/payment-simulator/src/config.ts).
    this.#usualMs = Number(apps?.['payment-simulator']?.['PAYMENT_LATENCY_MS'] || 50);
  }

  /** From now on an answer comes so late, in milliseconds. */
  async takes(latencyMs: number): Promise<void> {
    const response = await fetch(`${this.#url}/v1/settings`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ latencyMs }) });
    if (!response.ok) throw new Error(`the payment simulator answers ${response.status}: ${await response.text()}`);
  }

  takesAsUsual(): Promise<void> {
    return this.takes(this.#usualMs);
  }
}
