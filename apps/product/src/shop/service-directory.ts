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

// A document is made at the first request, in up to a second of a worker's time, and all services are asked at once.
const TIMEOUT_MS = { health: 1_500, 'openapi.json': 4_000 } as const;

/** Asks the services themselves, through the gateway like everybody; without a breaker, for it is their state that is asked for. */
@Injectable()
export class ServiceDirectory {
  constructor(private readonly settings: Settings) {}

  /** GETs `/api/<service>/<path>` of all services at once; never rejects, and takes at most 1.5 s for health, 4 s for documents. */
  async askAll(path: keyof typeof TIMEOUT_MS): Promise<ServiceAnswer[]> {
    return Promise.all(serviceNames.map((service) => this.ask(service, path)));
  }

  private async ask(service: ServiceName, path: keyof typeof TIMEOUT_MS): Promise<ServiceAnswer> {
    try {
      const response = await fetch(new URL(`/api/${service}/${path}`, this.settings.gatewayUrl), { signal: AbortSignal.timeout(TIMEOUT_MS[path]) });
      return { service, status: response.status, body: await response.json() };
    } catch {
      return { service, status: undefined, body: undefined };
    }
  }
}
