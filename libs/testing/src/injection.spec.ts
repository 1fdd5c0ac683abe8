import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';

@Injectable()
class PriceBook {
  readonly price = 490;
}

@Injectable()
class Checkout {
  constructor(readonly prices: PriceBook) {}
}

@Module({ providers: [PriceBook, Checkout] })
class ShopModule {}

// Guards the set-up of vitest itself: without decorator metadata every service would fail with a far less clear error.
it('specs can inject by constructor types, as the built services do', async () => {
  const app = await NestFactory.createApplicationContext(ShopModule, { logger: false });
  expect(app.get(Checkout).prices.price).toBe(490);
  await app.close();
});
