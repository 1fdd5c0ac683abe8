import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rabbitEnvironment, serviceEnvironment } from './environment.ts';
import { ConfigError, parseEnvironment } from './load-config.ts';

const schema = z.object({ ...serviceEnvironment, ...rabbitEnvironment, CART_TOKEN_SECRET: z.string() });
const good = {
  NODE_ENV: 'production',
  PORT: '5200',
  INTERNAL_TOKEN: 'q3nP0fYw8ZkL2vXr7TbC5sHd9JgM1aEu',
  CART_TOKEN_SECRET: 'Zr8Kq1Wm5Xc7Vb9Nt3Ly6Pd2Sf4Gh0Jk',
  RABBITMQ_URL: 'amqp://cart:Zr8Kq1Wm5Xc7Vb9N@rabbitmq:5672/shop',
};
const parse = (change: NodeJS.ProcessEnv): unknown => parseEnvironment(schema, { ...good, ...change });

describe('secrets in production', () => {
  it('are taken when they are random', () => {
    expect(parse({})).toMatchObject({ NODE_ENV: 'production' });
  });

  it.each([
    ['INTERNAL_TOKEN', 'sixteen-letters-'],
    ['INTERNAL_TOKEN', 'change-me-change-me-change-me-change-me'],
    ['INTERNAL_TOKEN', 'a'.repeat(64)],
    ['INTERNAL_TOKEN', 'abcabcabcabcabcabcabcabcabcabcabcabc'],
    ['CART_TOKEN_SECRET', 'your-cart-token-goes-here-1234567890'],
    ['RABBITMQ_URL', 'amqp://guest:guest@rabbitmq:5672'],
    ['RABBITMQ_URL', 'amqp://rabbitmq:5672'],
    ['RABBITMQ_URL', 'amqp://cart-service-account:cart-service-account@rabbitmq:5672'],
    ['RABBITMQ_URL', 'amqp://cart:change-me-please@rabbitmq:5672'],
  ])('refuses %s=%s in one line that names the variable and not its value', (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(ConfigError);
    expect(() => parse({ [name]: value })).toThrow(new RegExp(`^${name} is wrong: [^\\n]+; npm run secrets makes good ones$`, 'u'));
    expect(() => parse({ [name]: value })).toThrow(expect.not.stringContaining(value));
  });

  it('are as they like elsewhere', () => {
    expect(parse({ NODE_ENV: 'development', INTERNAL_TOKEN: 'sixteen-letters-', RABBITMQ_URL: 'amqp://127.0.0.1:5672' })).toBeDefined();
  });
});
