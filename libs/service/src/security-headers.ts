import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * What helmet would set on every answer, worked out once: making its middlewares anew for each request, as
 * @fastify/helmet does, costs more than all else of an answer from memory. What only speaks to pages and plug-ins of old
 * browsers (DNS prefetch, X-Download-Options, Flash policies, X-XSS-Protection, Origin-Agent-Cluster) is left away: an API
 * sends none, and each header is parsed again at every hit of the edge cache.
 */
export function securityHeaders({ hsts }: { readonly hsts: boolean }): readonly (readonly [name: string, value: string])[] {
  const headers: [string, string][] = [];
  const response = { setHeader: (name: string, value: string) => headers.push([name, value]), removeHeader: () => undefined } as unknown as ServerResponse;
  const middleware = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: hsts,
    xFrameOptions: { action: 'deny' },
    originAgentCluster: false, xDnsPrefetchControl: false, xDownloadOptions: false, xPermittedCrossDomainPolicies: false, xXssProtection: false,
  });
  middleware({} as IncomingMessage, response, (error) => {
    if (error !== undefined) throw error instanceof Error ? error : new Error('helmet failed');
  });
  return headers;
}
