import { existsSync, readFileSync } from 'node:fs';
import { dataPath, type Instance } from '@shopfleet/local';
import { Agent, request } from 'undici';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  /** As it came over the wire. */
  readonly text: string;
  /** Seconds, where the shop says when to come back. */
  readonly retryAfter?: string;
  /** The stored answer of an earlier request under the same key. */
  readonly replayed: boolean;
  /** Of what can be changed: sent back as If-Match. */
  readonly etag?: string;
}

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Somebody who hangs up. */
  readonly signal?: AbortSignal;
}

/** A shop of this machine as its shoppers see it: through nginx. */
export interface RunningShop {
  readonly url: string;
  /** One request. @throws when the connection breaks or nothing comes within ten seconds */
  ask<T = Record<string, unknown>>(path: string, asked?: Asked): Promise<Answer<T>>;
  /** SKUs in euros that can be bought, at most as many. */
  skusInStock(count: number): Promise<string[]>;
  close(): Promise<void>;
}

interface Listed {
  readonly variants: readonly { readonly sku: string; readonly inStock: boolean; readonly price: { readonly currency: string } }[];
}

const patienceMs = 10_000;

/**
 * The shop of an instance; nothing is asked yet.
 *
 * @param localAddress from where it is asked, of 127.0.0.0/8 (Linux); absent: from 127.0.0.1
 * @throws Error when it was never started
 */
export function openShop(instance: Instance, localAddress?: string): RunningShop {
  const authority = dataPath(instance, 'tls', 'ca.pem');
  if (!existsSync(authority)) throw new Error(`the shop "${instance.name}" has never been started here: npm start`);
  return shopAt(`https://${localAddress === undefined ? 'localhost' : '127.0.0.1'}:${instance.ports.gateway}`, readFileSync(authority), localAddress);
}

/** A shop at an address, with the authority of its certificate where it is not one of the world's. */
export function shopAt(url: string, authority?: Buffer, localAddress?: string): RunningShop {
  const agent = new Agent({ ...(localAddress !== undefined && { localAddress }), connect: { ...(authority && { ca: authority }) }, connections: 256, connectTimeout: 2000 });
  const ask = async <T>(path: string, { method = 'GET', body, headers = {}, signal }: Asked = {}): Promise<Answer<T>> => {
    const patience = AbortSignal.timeout(patienceMs + Number(/wait=(\d+)/u.exec(headers['prefer'] ?? '')?.[1] ?? 0) * 1000);
    const response = await request(`${url}${path}`, {
      method,
      dispatcher: agent,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    const text = await response.body.text();
    const { 'retry-after': retryAfter, etag } = response.headers;
    return { status: response.statusCode, body: (text.startsWith('{') ? JSON.parse(text) : {}) as T, text, replayed: response.headers['idempotency-replayed'] === 'true', ...(typeof retryAfter === 'string' && { retryAfter }), ...(typeof etag === 'string' && { etag }) };
  };
  return {
    url,
    ask,
    skusInStock: async (count) => {
      const { body } = await ask<{ items?: readonly Listed[] }>('/api/products?inStock=true&limit=100');
      const skus = (body.items ?? []).flatMap(({ variants }) => variants.filter(({ inStock, price }) => inStock && price.currency === 'EUR').slice(0, 1)).map(({ sku }) => sku);
      if (skus.length === 0) throw new Error('there is nothing in stock to be bought');
      return skus.slice(0, count);
    },
    close: () => agent.close(),
  };
}
