import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Envelope } from '@shopfleet/contracts';
import { BrokerCheck, EventPublisher, MessagingModule, RabbitMqStrategy, type MessagingOptions } from '../src/index.ts';

export type Handler = (event: Envelope) => Promise<void> | void;

export interface ConsumerApp {
  readonly publisher: EventPublisher;
  readonly strategy: RabbitMqStrategy;
  readonly check: BrokerCheck;
  close(): Promise<void>;
}

/** A Nest application with one controller per list of handlers, as a service has them. */
export async function startConsumer(options: MessagingOptions, ...controllers: Readonly<Record<string, Handler>>[]): Promise<ConsumerApp> {
  class App {}
  Module({ imports: [MessagingModule.forRoot(options)], controllers: controllers.map(controllerOf) })(App);
  const app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false, abortOnError: false });
  const strategy = app.get(RabbitMqStrategy);
  app.connectMicroservice({ strategy });
  await app.init();
  await app.startAllMicroservices();
  return { publisher: app.get(EventPublisher), strategy, check: app.get(BrokerCheck), close: () => app.close() };
}

function controllerOf(handlers: Readonly<Record<string, Handler>>): new () => object {
  class Consumer {}
  const prototype = Consumer.prototype as Record<string, unknown>;
  Object.entries(handlers).forEach(([type, handler], index) => {
    const name = `on${index}`;
    const descriptor = { value: (event: Envelope) => handler(event), writable: true, configurable: true, enumerable: false };
    Object.defineProperty(prototype, name, descriptor);
    EventPattern<string>(type)(prototype, name, descriptor);
    Payload()(prototype, name, 0);
  });
  Controller()(Consumer);
  return Consumer;
}
