import type { FastifyInstance } from 'fastify';

interface Route {
  readonly segments: readonly string[];
  readonly methods: readonly string[];
}

/** The routes of a service, asked when a request met none of them. */
export class RegisteredRoutes {
  private readonly routes: Route[] = [];

  /** Listens to what is registered from now on. */
  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ url, method }) => {
      this.routes.push({ segments: url.split('/'), methods: [method].flat() });
    });
  }

  /** The methods that a path answers, in the order of the alphabet; none for a path that is unknown, or not for everybody to know. */
  methodsOf(path: string): readonly string[] {
    if (path.startsWith('/internal/') || path === '/metrics') return [];
    const segments = path.split('/');
    const matching = this.routes.filter((route) => matches(route.segments, segments));
    return [...new Set(matching.flatMap(({ methods }) => methods))].toSorted();
  }
}

function matches(template: readonly string[], path: readonly string[]): boolean {
  return template.length === path.length && template.every((segment, i) => (segment.startsWith(':') ? path[i] !== '' : segment === path[i]));
}
