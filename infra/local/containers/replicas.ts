import { lookup } from 'node:dns/promises';

/** Codes of a name that nobody has: no replica runs. Anything else is a resolver that is away, which says nothing. */
const nobody: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NODATA', 'EAI_NONAME']);

/**
 * The name behind which the replicas of a service are: `PRODUCT_HOST` or `product`, and `HOST_SUFFIX` where a platform has a
 * second name for all of them.
 *
 * @example hostOf('product', { PRODUCT_HOST: 'product-9g3f', HOST_SUFFIX: '-discovery' }) // 'product-9g3f-discovery'
 */
export const hostOf = (service: string, environment: NodeJS.ProcessEnv): string => `${environment[`${service.toUpperCase()}_HOST`] ?? service}${environment['HOST_SUFFIX'] ?? ''}`;

/**
 * `host:port` of each replica behind a name, in a fixed order; undefined when the resolver cannot be asked just now.
 * Docker and headless services of Kubernetes answer with an address per replica.
 *
 * @example await replicasOf('product', 3000) // ['172.18.0.7:3000', '172.18.0.9:3000']
 */
export async function replicasOf(host: string, port: number, resolve: typeof resolveAll = resolveAll): Promise<readonly string[] | undefined> {
  try {
    return [...new Set(await resolve(host))].sort().map((address) => `${address}:${port}`);
  } catch (error) {
    return error instanceof Error && 'code' in error && nobody.has(String(error.code)) ? [] : undefined;
  }
}

// By the system's resolver, which knows the search domains of Kubernetes.
async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, family: 4 })).map(({ address }) => address);
}
