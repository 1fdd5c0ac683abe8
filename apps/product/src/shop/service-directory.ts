import { Injectable } from '@nestjs/common';
import { Settings } from '../settings.ts';

/** The services of the shop, by the path segment that each lives under. */
export const serviceNames = ['products', 'cart', 'orders', 'auth', 'notifications'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface ServiceAnswer {
  readonly service: ServiceName;
  /** Undefined when it did not answer in time. */
  readonly status: number | undefined;
  readonly body: unknown;
}

const TIMEOUT_MS = 1_500;

/** Asks the services themselves, through the gateway like everybody; without a breaker, for it is their state that is asked for. */
@Injectable()
export class ServiceDirectory {
  constructor(private readonly settings: Settings) {}

  /** GETs `/api/<service>/<path>` of all services at once; never rejects, and takes at most 1.5 s. */
  async askAll(path: 'health' | 'openapi.json'): Promise<ServiceAnswer[]> {
    return Promise.all(serviceNames.map((service) => this.ask(service, path)));
  }

  private async ask(service: ServiceName, path: string): Promise<ServiceAnswer> {
    try {
      const response = await fetch(new URL(`/api/${service}/${path}`, this.settings.gatewayUrl), { signal: AbortSignal.timeout(TIMEOUT_MS) });
      return { service, status: response.status, body: await response.json() };
    } catch {
      return { service, status: undefined, body: undefined };
    }
  }
}
