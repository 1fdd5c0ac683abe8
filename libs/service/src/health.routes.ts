import type { FastifyInstance } from 'fastify';
import type { ServiceOptions } from './create-service.ts';
import type { Lifecycle } from './lifecycle.ts';

/**
 * Every worker answers for itself: `/health` (alive; asks no dependency), `/ready` (503 while a critical dependency is
 * away or the worker drains) and `/api/<plural>/health` (both, for people). They are plain Fastify routes so that
 * neither guards nor rate limits stand in the way.
 */
export function healthRoutes(fastify: FastifyInstance, { name, plural, config }: ServiceOptions, lifecycle: Lifecycle): void {
  const alive = { success: true, message: `${name} service is running`, environment: config.NODE_ENV };

  fastify.get('/health', (_request, reply) => reply.header('cache-control', 'no-store').send(alive));

  fastify.get('/ready', async (_request, reply) => {
    const readiness = await lifecycle.readiness();
    return reply.status(readiness.ready ? 200 : 503).header('cache-control', 'no-store').send(readiness);
  });

  fastify.get(`/api/${plural}/health`, async (_request, reply) => {
    const readiness = await lifecycle.readiness();
    const checks = readiness.checks.map(({ name: dependency, ok }) => ({ name: dependency, ok }));
    return reply
      .status(readiness.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ...alive, success: readiness.ready, ready: readiness.ready, checks });
  });
}
