import { Logger } from '@nestjs/common';
import { exposition } from '@shopfleet/metrics';
import { requestContext } from '@shopfleet/kernel';
import { freshDatabase } from '@shopfleet/testing';
import { createConnection } from 'mongoose';
import { afterEach, expect, it, vi } from 'vitest';
import { MongoFigures } from '../src/mongo-figures.ts';

afterEach(() => vi.restoreAllMocks());

it('a command of more than 100 ms is counted and logged by its shape and its request, without its values', async () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const connection = await createConnection(freshDatabase()).asPromise();
  const figures = new MongoFigures(connection);
  figures.onModuleInit();
  const shelves = connection.collection<{ _id: string; owner: string }>('shelves');
  await shelves.insertOne({ _id: 'a', owner: 'ada@example.com' });
  await requestContext.run({ requestId: 'request-4711' }, () => shelves.find({ owner: 'ada@example.com', $where: 'sleep(105) || true' }).toArray());
  await shelves.updateMany({ owner: 'ada@example.com', $where: 'sleep(105) || true' }, { $set: { owner: 'grace@example.com' } });
  figures.onApplicationShutdown();
  await connection.close();

  const lines = warn.mock.calls.flat().map(String);
  const [found, changed] = ['find', 'update'].map((name) => lines.find((line) => line.startsWith(name)));
  expect(found).toMatch(/^find on shelves took \d+ ms: \{"filter":\{"owner":"\?","\$where":"\?"\}\} \(request request-4711\)$/u);
  expect(changed).toMatch(/^update on shelves took \d+ ms: \{"updates":\[\{"q":\{"owner":"\?","\$where":"\?"\},"u":\{"\$set":\{"owner":"\?"\}\}.*\]\}$/u);
  const { text } = await exposition();
  expect(text).toContain('shop_mongo_slow_commands_total{command="find",collection="shelves"} 1');
  expect(text).toContain('shop_mongo_command_seconds_count{command="insert",outcome="done"}');
  expect(text).not.toContain('command="ismaster"');
});
