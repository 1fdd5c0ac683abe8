// One worker with the same route twice, limited and not: what a limit costs and nothing else. Written without decorators,
// since this file is run as it is; and not in TypeScript, whose rules for such files the sources of the libraries do not keep.
import 'reflect-metadata';
import { Controller, Get, Header, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { RateLimitModule, Unlimited } from '@shopfleet/rate-limit';
import { RedisModule } from '@shopfleet/redis';

// A ready text of the size of a list of 20 products, as the cache in a worker's memory gives it.
const body = JSON.stringify({ items: Array.from({ length: 20 }, (_, id) => ({ id, name: 'x'.repeat(440) })) });

class Lists {
  limited() {
    return body;
  }

  unlimited() {
    return body;
  }
}

const descriptorOf = (name) => Object.getOwnPropertyDescriptor(Lists.prototype, name) ?? {};
for (const name of ['limited', 'unlimited']) {
  Get(name)(Lists.prototype, name, descriptorOf(name));
  Header('content-type', 'application/json')(Lists.prototype, name, descriptorOf(name));
}
Unlimited('what the other one is compared with')(Lists.prototype, 'unlimited', descriptorOf('unlimited'));
Controller()(Lists);

class BenchModule {}
Module({
  imports: [
    RedisModule.forRoot({ stateUrl: process.env['REDIS_STATE_URL'] ?? '' }),
    // As for a load generator: raised, and every check in place.
    RateLimitModule.forRoot({ service: 'bench', limit: 1_000_000, loadTestRange: '127.0.0.0/8' }),
  ],
  controllers: [Lists],
})(BenchModule);

const app = await NestFactory.create(BenchModule, new FastifyAdapter(), { logger: ['error'] });
await app.listen(0, '127.0.0.1');
process.stdout.write(`${await app.getUrl()}\n`);
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
