import { setTimeout as pause } from 'node:timers/promises';
import { readRunFile } from '@shopfleet/local';
import type { GameDay } from '../game-day.ts';
import { words } from '../stage.ts';

export const provider: GameDay = {
  name: 'provider',
  what: 'the payment provider becomes slow, then is gone: orders are accepted and paid later, once',
  play: async (stage) => {
    const url = readRunFile(stage.instance)?.apps['order-service']?.['PAYMENT_URL'] ?? '';
    const latency = (latencyMs: number): Promise<Response> => fetch(`${url}/v1/settings`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ latencyMs }) });
    stage.tell('the provider takes six seconds for an answer');
    await latency(6000);
    let begun = Date.now();
    await stage.wait(12_000);
    const slow = stage.crowd.figures('order', begun);
    stage.judge('while the provider is slow no order fails', words(slow), slow.failed === 0);
    const others = stage.crowd.figures('browse', begun);
    stage.judge('the catalogue does not notice', words(others), others.failed === 0);
    await latency(0);
    await stage.pm2('stop', 'payment-simulator');
    begun = Date.now();
    await stage.wait(10_000);
    const gone = stage.crowd.figures('order', begun);
    stage.judge('while the provider is gone no order fails', words(gone), gone.failed === 0);
    await stage.pm2('start', 'payment-simulator');
    const back = Date.now();
    // The breaker closes again by itself (30 s), and the sweeper asks for what was left.
    const paid = await stage.until(() => stage.crowd.wishes.some(({ startedAt, status }) => startedAt > back && status === 201), 60_000, 250);
    stage.judge('orders are paid at once again within a minute', `${paid ?? '> 60000'} ms`, paid !== undefined);
    await pause(1000);
  },
};

export const mail: GameDay = {
  name: 'mail',
  what: 'the mail server is gone for 15 s: orders go on, mails come later',
  play: async (stage) => {
    await stage.pm2('stop', 'mailbox');
    const begun = Date.now();
    await stage.wait(15_000);
    const orders = stage.crowd.figures('order', begun);
    stage.judge('without a mail server no order fails', words(orders), orders.failed === 0 && (orders.statuses['201'] ?? 0) > 0);
    await stage.pm2('start', 'mailbox');
    const buyers = stage.crowd.wishes.filter(({ startedAt, status }) => startedAt > begun && status === 201).map(({ email }) => email);
    const hasMail = async (email: string): Promise<boolean> => {
      const list = (await (await fetch(`http://127.0.0.1:${stage.instance.ports.mailbox}/api/messages?to=${email}`)).json()) as { items: unknown[] };
      return list.items.length > 0;
    };
    const arrived = await stage.until(async () => (await Promise.all(buyers.map(hasMail))).every(Boolean), 120_000, 1000);
    stage.judge('mails arrive when it is back', `${buyers.length} after ${arrived ?? '> 120000'} ms`, arrived !== undefined && buyers.length > 0);
  },
};
