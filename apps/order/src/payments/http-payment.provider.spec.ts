import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HttpPaymentProvider } from './http-payment.provider.ts';

let server: Server;
let provider: HttpPaymentProvider;
let asked = 0;

beforeEach(async () => {
  asked = 0;
  // It takes each question and never says a word.
  server = createServer(() => (asked += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider = new HttpPaymentProvider({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, webhookSecrets: [] });
});
afterEach(async () => {
  await provider.onApplicationShutdown();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('leaves a provider alone that has not answered ten calls: the breaker is open', async () => {
  const pay = (n: number): Promise<unknown> => provider.pay({ paymentId: `pay_${n}`, reference: `ord_${n}`, amount: { amount: 1999, currency: 'EUR' }, token: 'tok_ok' });
  const timeout = vi.spyOn(AbortSignal, 'timeout');
  const answers = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => pay(n)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 'rejected'));
  expect(asked).toBe(10);
  expect(timeout.mock.calls).toEqual(answers.map(() => [3_000]));
  timeout.mockRestore();
  await expect(pay(10)).rejects.toMatchObject({ name: 'PaymentUnknown', cause: { isBrokenCircuitError: true } });
  expect(asked).toBe(10);
});
