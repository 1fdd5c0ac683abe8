import { createHmac } from 'node:crypto';
import type { WebhookEndpoint } from './webhook-endpoint.schema.ts';

/** Secrets of endpoints are derived, never stored: whoever reads the database cannot sign in the shop's name. */
export class EndpointSecrets {
  constructor(private readonly master: string) {}

  /** The secret of an endpoint at its present version. */
  of({ _id, secretVersion }: Pick<WebhookEndpoint, '_id' | 'secretVersion'>): string {
    return `whsec_${createHmac('sha256', this.master).update(`webhook-endpoint:${_id}:${secretVersion}`).digest('base64url')}`;
  }
}
