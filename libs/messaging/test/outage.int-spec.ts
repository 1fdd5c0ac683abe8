import { exampleOf, stockLow, type Envelope } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { eventually, freshVhost, killServer, restartServer } from '@shopfleet/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startConsumer, type ConsumerApp } from './consumer-app.ts';

describe('a broker that goes away', () => {
  let url: string;
  let app: ConsumerApp | undefined;
  let away = false;

  const kill = async (): Promise<void> => {
    away = true;
    await killServer('rabbitmq');
  };
  const restart = async (): Promise<void> => {
    await restartServer('rabbitmq');
    away = false;
  };
  const event = (): Envelope => exampleOf(stockLow, { id: newId('evt'), subject: newId('sub') });

  beforeEach(async () => {
    url = await freshVhost();
  });
  afterEach(async () => {
    if (away) await restart();
    await app?.close();
    app = undefined;
  });

  it('does not keep a service from starting; the consumer begins when the broker is back', { timeout: 60_000 }, async () => {
    await kill();
    const seen: string[] = [];
    const begun = performance.now();
    app = await startConsumer({ url, service: 'late' }, { [stockLow.type]: ({ id }) => void seen.push(id) });
    expect(performance.now() - begun).toBeLessThan(3_000);
    await expect(app.check.check()).rejects.toThrow('cannot publish');
    expect(app.check.critical).toBe(false);
    const early = await app.publisher.publish([event()]);
    expect(early.failed).toHaveLength(1);
    await restart();
    await eventually(() => app?.check.check().then(() => true) ?? false, { timeoutMs: 15_000 });
    const sent = event();
    expect((await app.publisher.publish([sent])).failed).toEqual([]);
    await eventually(() => expect(seen).toEqual([sent.id]));
  });

  it('loses nothing that it confirmed, and hands out again what was not acked', { timeout: 60_000 }, async () => {
    const seen = new Map<string, number>();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    app = await startConsumer(
      { url, service: 'steady', retryDelaysMs: [50], prefetch: 50 },
      {
        [stockLow.type]: async ({ id }) => {
          await gate;
          seen.set(id, (seen.get(id) ?? 0) + 1);
        },
      },
    );
    const { publisher, check } = app;
    await eventually(() => check.check().then(() => true));
    const events = Array.from({ length: 100 }, event);
    expect((await publisher.publish(events)).failed).toEqual([]);
    await kill();
    open();
    expect((await publisher.publish([event()])).failed).toHaveLength(1);
    await restart();
    await eventually(() => expect(seen.size).toBe(100), { timeoutMs: 20_000 });
    expect([...seen.keys()].toSorted()).toEqual(events.map(({ id }) => id).toSorted());
    const deliveredTwice = [...seen.values()].filter((times) => times > 1).length;
    // At most what one worker had in hand: the prefetch.
    expect(deliveredTwice).toBeLessThanOrEqual(50);
  });
});
