import 'reflect-metadata';
import { Controller, Module, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Envelope } from '@shopfleet/contracts';
import { EventPublisher, MessagingModule, RabbitMqStrategy } from '@shopfleet/messaging';
import { eventually } from '@shopfleet/testing';

/** Another service of the shop, as far as the cart can tell: it publishes and hears what the cart says. */
export interface Neighbour {
  /** Each event once, as behind an inbox: the wire promises at least once. */
  readonly heard: readonly Envelope[];
  publish(...events: Envelope[]): Promise<void>;
  close(): Promise<void>;
}

function moduleOf(url: string, hear: (event: Envelope) => void): Type {
  @Controller()
  class Ear {
    @EventPattern<string>('cart.merged.v1')
    onMerged(@Payload() event: Envelope): void {
      hear(event);
    }
    @EventPattern<string>('cart.abandoned.v1')
    onAbandoned(@Payload() event: Envelope): void {
      hear(event);
    }
    @EventPattern<string>('wishlist.price-dropped.v1')
    onPriceDropped(@Payload() event: Envelope): void {
      hear(event);
    }
  }

  @Module({ imports: [MessagingModule.forRoot({ url, service: 'neighbour' })], controllers: [Ear] })
  class NeighbourModule {}
  return NeighbourModule;
}

export async function openNeighbour(url: string): Promise<Neighbour> {
  const heard: Envelope[] = [];
  const known = new Set<string>();
  const hear = (event: Envelope): void => {
    if (!known.has(event.id)) heard.push(event);
    known.add(event.id);
  };
  const app = await NestFactory.create<NestFastifyApplication>(moduleOf(url, hear), new FastifyAdapter(), { logger: ['error'] });
  const microservice: INestMicroservice = app.connectMicroservice({ strategy: app.get(RabbitMqStrategy) });
  await app.startAllMicroservices();
  await app.init();
  const publisher = app.get(EventPublisher);
  await eventually(() => publisher.available && app.get(RabbitMqStrategy).connected);
  return {
    heard,
    publish: async (...events) => {
      const { failed } = await publisher.publish(events);
      if (failed[0] !== undefined) throw new Error(`${failed[0].id} was not published: ${failed[0].reason}`);
    },
    close: async () => {
      await microservice.close();
      await app.close();
    },
  };
}
