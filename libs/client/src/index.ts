import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './shop-api.generated.ts';

/** Everything that may be asked of the shop, and what it answers. */
export type ShopApi = paths;

/** The bodies that requests and answers are made of, by the names that the documents give them. */
export type ShopSchemas = components['schemas'];

export type ShopClient = Client<paths>;

export interface ShopClientOptions {
  /** `https://localhost:8080` */
  readonly baseUrl: string;
  /** Sent with every request, such as `authorization` or `x-cart-token`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The platform's own where absent; another one trusts another authority, or goes through a proxy. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/**
 * The shop's API with the types of its OpenAPI documents: paths, parameters and bodies that it does not know do not
 * compile. An error is an answer (`error`), not a throw; a broken connection throws.
 *
 * @example
 * const shop = createShopClient({ baseUrl: 'https://localhost:8080' });
 * const { data, error } = await shop.GET('/api/products', { params: { query: { q: 'lamp', limit: 5 } } });
 */
export function createShopClient(options: ShopClientOptions): ShopClient {
  return createClient<paths>(options);
}
