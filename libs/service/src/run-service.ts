import { once } from 'node:events';
import { connect, Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { createService, type Service, type ServiceOptions } from './create-service.ts';
import { Lifecycle } from './lifecycle.ts';

// nginx closes an idle upstream connection after 5 s (nginx/upstreams); a little longer, and none is left to race with.
const idleConnectionsGoneMs = 5500;
// nginx passes over a slot that refused a connection for 2 s (fail_timeout), which it counts by whole seconds: one that was empty
// until now may get nothing for 3 s.
const passedOverMs = 3_100;

/**
 * Runs a service as a worker process: listens on PORT + NODE_APP_INSTANCE, tells PM2 when it is ready and drains on
 * SIGINT, SIGTERM or PM2's `shutdown` message. The only thing an app's main.ts calls.
 *
 * @example await runService({ name: 'order', plural: 'orders', title: 'Orders', module: AppModule, config });
 */
export async function runService(options: ServiceOptions): Promise<void> {
  const { config, name } = options;
  const logger = new Logger('Service');
  const service = await createService(options);
  const port = config.PORT === 0 ? 0 : config.PORT + config.NODE_APP_INSTANCE;
  const url = await service.listen(port, config.HOST);
  logger.log(`${name} service listens on ${url}`);

  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger.log(`${reason}: draining`);
    const deadline = setTimeout(() => {
      logger.error(`not drained within ${config.SHUTDOWN_TIMEOUT_MS} ms; exiting all the same`);
      process.exit(1);
    }, config.SHUTDOWN_TIMEOUT_MS);
    deadline.unref();
    drain(service).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('message', (message) => {
    if (message === 'shutdown') stop('shutdown message');
  });
  // Who hears it may end those that served until now.
  if (process.env['pm_id'] !== undefined && (await accepts(config.GATEWAY_URL))) await delay(passedOverMs);
  process.send?.('ready');
}

/** Whether somebody listens there: without nginx nobody can have asked a worker in vain. */
async function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port || 80), signal: AbortSignal.timeout(1_000) });
  return once(socket, 'connect').then(() => true, () => false).finally(() => socket.destroy());
}

/**
 * Takes no new connection, answers what still arrives on kept-alive ones with `Connection: close`, and waits until
 * nginx has let go of them. http.Server.close() would close idle connections at once, and a POST that nginx is just
 * writing to one of them would fail without a retry.
 */
async function drain({ app, close }: Service): Promise<void> {
  const server = app.getHttpServer() as Server;
  const draining = app.get(Lifecycle).drain();
  Server.prototype.close.call(server);
  await Promise.race([once(server, 'close'), delay(idleConnectionsGoneMs)]);
  await draining;
  await close();
}
