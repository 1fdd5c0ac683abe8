import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commandLine, startGoProgram } from '@shopfleet/local';
import Stripe from 'stripe';
// eslint-disable-next-line @nx/enforce-module-boundaries -- checks the order service's own adapter; outside npm test because it needs Go
import type { StripePaymentProvider as Provider } from '../../apps/order/src/payments/stripe-payment.provider.ts';

commandLine({
  command: 'test:stripe',
  help: `npm run test:stripe   the payment provider speaks to stripe-mock, which holds each request against Stripe's own OpenAPI document (needs Go)`,
  options: {},
});

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const webhookSecret = 'whsec_of_the_check';

const mock = await startGoProgram({ module: 'github.com/stripe/stripe-mock@v0.203.0', args: (port) => ['-http-port', String(port)] }).catch((error: unknown) => {
  console.error(`The Stripe check did NOT run: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(3);
});
try {
  await run('npx', ['tsc', '-b', 'apps/order'], { cwd: root });
  const { StripePaymentProvider } = (await import(join(root, 'apps/order/dist/payments/stripe-payment.provider.js'))) as { StripePaymentProvider: typeof Provider };
  const provider = new StripePaymentProvider({ secretKey: 'sk_test_123', webhookSecrets: [webhookSecret, 'whsec_before'], url: mock.url });
  await check('a payment is accepted by Stripe’s interface', async () => {
    // stripe-mock answers with a fixture that waits for a means of payment: a refusal with the provider's id.
    const outcome = await provider.pay({ paymentId: 'pay_1', reference: 'ord_1', amount: { amount: 1999, currency: 'EUR' }, token: 'pm_card_visa' });
    assert.match(outcome.providerPaymentId ?? '', /^pi_/u);
  });
  await check('a payment is looked for by its metadata', async () => {
    const found = await provider.find({ paymentId: 'pay_1', reference: 'ord_1' });
    assert.ok(found === undefined || found.status !== undefined);
  });
  await check('a refund is accepted', async () => {
    assert.match(await provider.refund({ refundId: 'ref_1', providerPaymentId: 'pi_123', amount: { amount: 500, currency: 'EUR' } }), /^re_/u);
  });
  await check('the books are listed', async () => {
    for await (const page of provider.listBetween(new Date(0), new Date())) assert.ok(Array.isArray(page));
  });
  await check('a webhook is taken when it is signed, within 300 seconds', () => {
    const object = { id: 'pi_1', object: 'payment_intent', status: 'succeeded', metadata: { paymentId: 'pay_1' } };
    const payload = JSON.stringify({ id: 'evt_1', object: 'event', type: 'payment_intent.succeeded', data: { object } });
    const now = new Date();
    const header = (secret: string, at: number): string => new Stripe('sk_test_123').webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(at / 1000) });
    const read = (signature: string): unknown => provider.readWebhook({ 'stripe-signature': signature }, Buffer.from(payload), now);
    assert.deepEqual(read(header(webhookSecret, now.getTime())), { paymentId: 'pay_1', outcome: { status: 'captured', providerPaymentId: 'pi_1' } });
    assert.ok(read(header('whsec_before', now.getTime())));
    assert.throws(() => read(header('whsec_forged', now.getTime())), { code: 'unauthenticated' });
    assert.throws(() => read(header(webhookSecret, now.getTime() - 301_000)), { code: 'unauthenticated' });
    return Promise.resolve();
  });
  await check('no answer is told apart from a refusal', async () => {
    const away = new StripePaymentProvider({ secretKey: 'sk_test_123', webhookSecrets: [], url: 'http://127.0.0.1:9' });
    await assert.rejects(away.find({ paymentId: 'pay_1', reference: 'ord_1' }), { name: 'PaymentUnknown' });
  });
} finally {
  await mock.stop();
}

async function check(what: string, work: () => Promise<void>): Promise<void> {
  await work();
  console.log(`✓ ${what}`);
}
