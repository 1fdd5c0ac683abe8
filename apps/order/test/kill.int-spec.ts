import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { money } from '@shopfleet/kernel';
import { eventually, startWorker, type Worker } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type Answer, type OrderWorld } from './order-world.ts';
import { aShopper } from './players.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let world: OrderWorld;

beforeAll(async () => {
  // Workers that can be killed are processes, and those run what is built.
  await promisify(execFile)('npx', ['tsc', '-b', 'apps/order'], { cwd: root });
  world = await openWorld({ PAYMENT_LATENCY_MS: '150' });
  await world.product.sell({ LAMP: { price: money(1999, 'EUR'), stock: 10_000 } });
  await eventually(async () => expect(await world.db.collection('price_book').countDocuments()).toBe(1));
}, 240_000);
afterAll(() => world.close());

const startOrderWorker = async (): Promise<Worker> => {
  const { PORT: _, ...env } = world.env;
  return startWorker(`${root}apps/order/dist/main.js`, env);
};

/** What a client does: the same key again until there is an answer. */
const orderUntilAnswered = async (workers: readonly Worker[], token: string, key: string): Promise<Answer> =>
  eventually(
    async () => {
      const answers = [];
      for (const { url } of workers) {
        const answer = await world.order({ url, key, token }).catch(() => undefined);
        if (answer && answer.status !== 503 && answer.body['code'] !== 'idempotency-in-flight') answers.push(answer);
        if (answers[0]) return answers[0];
      }
      throw new Error('no answer yet');
    },
    { timeoutMs: 40_000, intervalMs: 200 },
  );

describe('killing a worker in the middle of checkouts', () => {
  it.each([30, 120, 220])('after %d ms loses no order and charges nobody twice', async (afterMs) => {
    const shoppers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const userId = aShopper();
        world.gateway.fillCart(userId, [{ sku: 'LAMP', quantity: 1 }]);
        return { userId, token: await world.gateway.tokenFor({ userId }), key: randomUUID() };
      }),
    );
    const victim = await startOrderWorker();
    const survivor = await startOrderWorker();
    try {
      let failed = 0;
      const first = shoppers.map(async ({ token, key }) => world.order({ url: victim.url, key, token }).catch(() => void (failed += 1)));
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await victim.kill('SIGKILL');
      await Promise.all(first);
      expect(failed, 'requests in flight at the kill').toBeGreaterThan(0);
      const answers = await Promise.all(shoppers.map(({ token, key }) => orderUntilAnswered([survivor], token, key)));
      expect(answers.map(({ status }) => status)).toEqual(shoppers.map(() => 201));
      const users = shoppers.map(({ userId }) => userId);
      expect(await world.db.collection('orders').countDocuments({ userId: { $in: users } })).toBe(20);
      expect(await world.db.collection('orders').countDocuments({ userId: { $in: users }, status: 'paid' })).toBe(20);
      for (const { body } of answers) expect(await world.charges(body['id'])).toHaveLength(1);
    } finally {
      await survivor.kill('SIGTERM');
    }
  }, 120_000);
});
