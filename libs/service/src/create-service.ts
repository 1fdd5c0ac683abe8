import 'reflect-metadata';
import type { Socket } from 'node:net';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { requestContext, within, type RequestContext } from '@shopfleet/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { openAccessLog } from './access-log.ts';
import type { AnswerObserver } from './answer-observer.ts';
import { answerUnreadable } from './client-error.ts';
import { ErrorTracker } from './error-tracker.ts';
import { speakPlainly } from './field-messages.ts';
import { healthRoutes } from './health.routes.ts';
import { Lifecycle } from './lifecycle.ts';
import { createLogger, NestPinoLogger } from './logger.ts';
import { metricsRoutes, routeTimes } from './metrics.routes.ts';
import { openApiRoute } from './openapi.route.ts';
import { ProblemFilter } from './problem.filter.ts';
import { RegisteredRoutes } from './registered-routes.ts';
import { requireJsonText } from './request-bodies.ts';
import { requestIdOf } from './request-id.ts';
import { tracedContext } from './request-tracing.ts';
import { securityHeaders } from './security-headers.ts';
import type { ServiceConfig } from './service-config.ts';
import { UnknownQueryInterceptor } from './unknown-query.interceptor.ts';
import { validationPipe } from './validation.ts';

export interface ServiceOptions {
  /** `order`: names the service in logs and health. */
  readonly name: string;
  /** `orders`: the path segment under /api that the service's health and OpenAPI document live at. */
  readonly plural: string;
  /** Title of the OpenAPI document. */
  readonly title: string;
  readonly module: Type;
  readonly config: ServiceConfig;
  /** The provider that consumes events, where the service has one. */
  readonly transport?: Type<CustomTransportStrategy>;
}

/** A service that can be started on any port: what `runService` runs, and what integration tests start in their own process. */
export interface Service {
  readonly app: NestFastifyApplication;
  /** Starts the consumers and listens; resolves with the base URL. Port 0 lets the system choose. */
  listen(port: number, host?: string): Promise<string>;
  /**
   * Ends background work, lets requests in flight finish and disconnects.
   * @throws Error when something does not let go of its connections within 12 s
   */
  close(): Promise<void>;
}

// Requests are answered within 3 s; who is still connected then holds up the end of the process.
const connectionsEndMs = 4_000;
const closeTimeoutMs = 12_000;

/** Builds a service with the defaults that all share; nothing listens yet. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { name, config } = options;
  const logger = createLogger(name, config.NODE_APP_INSTANCE, config.LOG_LEVEL);
  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter(), {
    logger: new NestPinoLogger(logger, trackerOf(name, config)),
    bufferLogs: false,
    // Signatures of webhooks cover the bytes, not what they were parsed to.
    rawBody: true,
    abortOnError: false,
    forceCloseConnections: false,
  });
  speakPlainly();
  app.useGlobalPipes(validationPipe());
  app.useGlobalInterceptors(new UnknownQueryInterceptor());
  if (config.ALLOWED_ORIGINS.length > 0) app.enableCors({ origin: config.ALLOWED_ORIGINS, credentials: true });

  const lifecycle = app.get(Lifecycle);
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  app.useGlobalFilters(new ProblemFilter(new RegisteredRoutes(fastify)));
  requireJsonText(fastify);
  const server = app.getHttpServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const secure = securityHeaders({ hsts: config.NODE_ENV === 'production' });
  const accessLog = config.ACCESS_LOG === 'on' ? openAccessLog({ service: name, worker: config.NODE_APP_INSTANCE, file: config.LOG_FILE, logger }) : undefined;
  const observers: readonly AnswerObserver[] = [...(accessLog ? [accessLog.write] : []), ...(config.METRICS === 'on' ? [routeTimes()] : [])];
  let inFlight = 0;
  fastify.addHook('onRequest', (request, reply, done) => {
    inFlight += 1;
    const { raw } = reply;
    const begun = performance.now();
    raw.on('close', () => {
      inFlight -= 1;
      // Who hung up got no answer.
      if (raw.writableFinished) for (const observe of observers) observe(request, raw.statusCode, performance.now() - begun);
    });
    for (const [name, value] of secure) raw.setHeader(name, value);
    // A type without a body says nothing; many clients send it with every request.
    if (request.method === 'DELETE' && hasNoBody(request)) delete request.raw.headers['content-type'];
    requestContext.run(tracedContext(request, reply, contextOf(request)), done);
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (lifecycle.draining) void reply.header('connection', 'close');
    // A cacheable answer must not carry the id of its first reader: nginx would replay it to all others.
    if (!isCacheable(reply.getHeader('cache-control'))) void reply.header('x-request-id', request.id);
    done();
  });
  if (config.METRICS === 'on') metricsRoutes(fastify);
  healthRoutes(fastify, options, lifecycle);
  openApiRoute(app, fastify, options);
  if (options.transport) app.connectMicroservice({ strategy: app.get(options.transport) }, { inheritAppConfig: false });

  return {
    app,
    listen: async (port, host = '127.0.0.1') => {
      // Before the consumers start: no event may meet a module whose hooks have not run.
      await app.init();
      await app.startAllMicroservices();
      await app.listen(port, host);
      return app.getUrl();
    },
    close: async () => {
      await lifecycle.drain();
      const begun = performance.now();
      const sweep = setInterval(() => {
        // Node takes a connection on which nothing was asked yet for a busy one, and would wait for it half a minute.
        if (inFlight === 0) server.closeAllConnections();
        // It waits for those that became WebSockets too, and cannot close them.
        if (performance.now() - begun > connectionsEndMs) for (const socket of sockets) socket.destroy();
      }, 100);
      await within(closeTimeoutMs, app.close(), () => new Error(`${name} did not close within ${closeTimeoutMs / 1_000} s: a provider's shutdown hook hangs`)).finally(() => clearInterval(sweep));
      accessLog?.close();
    },
  };
}

function trackerOf(service: string, { ERROR_DSN: dsn, NODE_APP_INSTANCE: worker, NODE_ENV: environment }: ServiceConfig): ErrorTracker | undefined {
  return dsn === '' ? undefined : new ErrorTracker({ dsn, service, worker, environment });
}

function adapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: 1024 * 1024,
    // Fastify's own 100 would answer a longer name with an error of its own form; nginx takes no longer line than this.
    routerOptions: { maxParamLength: 8_192 },
    // Outlasts nginx's upstream keepalive_timeout, so that nginx is always the one who closes an idle connection.
    keepAliveTimeout: 72_000,
    requestTimeout: 30_000,
    return503OnClosing: false,
    // nginx takes four buffers of 8 kB; Node's own bound would be half of that.
    http: { maxHeaderSize: 40 * 1_024 },
    clientErrorHandler: answerUnreadable,
    genReqId: requestIdOf,
  });
}

function contextOf(request: FastifyRequest): RequestContext {
  const traceparent = request.headers.traceparent;
  return { requestId: String(request.id), ...(typeof traceparent === 'string' && { traceparent }) };
}

function hasNoBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

function isCacheable(cacheControl: unknown): boolean {
  return typeof cacheControl === 'string' && cacheControl.includes('public');
}
