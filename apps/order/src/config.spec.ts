import { parseEnvironment } from '@shopfleet/config';
import { expect, it } from 'vitest';
import { environment } from './config.ts';

const random = 'kR7vQ2mZ9xT4bN6cW1yH8dL3gF5jS0pA';
const production = {
  NODE_ENV: 'production', PORT: '3000', INTERNAL_TOKEN: random, PUBLIC_URL: 'https://shop.example.org', MONGODB_URI: 'mongodb://db.example.org/shop_order',
  REDIS_STATE_URL: 'redis://state.example.org', REDIS_CACHE_URL: 'redis://cache.example.org', RABBITMQ_URL: `amqp://order:${random}@broker.example.org`,
};
const stripe = { STRIPE_SECRET_KEY: `sk_live_${random}` };

it('asks a shop in production who takes its money', () => {
  expect(() => parseEnvironment(environment, production)).toThrow(/^STRIPE_SECRET_KEY is not set: in production it or PAYMENT_URL says who takes the money$/u);
  expect(parseEnvironment(environment, { ...production, PAYMENT_URL: 'https://pay.example.org' }).PAYMENT_URL).toBe('https://pay.example.org');
  expect(() => parseEnvironment(environment, { ...production, NODE_ENV: 'development' })).not.toThrow();
});

it('takes no webhook secrets for Stripe that are not Stripe’s', () => {
  expect(parseEnvironment(environment, { ...production, ...stripe, PAYMENT_WEBHOOK_SECRETS: `whsec_${random}` }).PAYMENT_WEBHOOK_SECRETS).toHaveLength(1);
  expect(() => parseEnvironment(environment, { ...production, ...stripe, PAYMENT_WEBHOOK_SECRETS: random })).toThrow(/^PAYMENT_WEBHOOK_SECRETS is wrong: with STRIPE_SECRET_KEY/u);
});
