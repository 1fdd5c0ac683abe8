import { describe, expect, it } from 'vitest';
import { MemoryReplayStore } from './replay-store.ts';
import { signWebhook, verifyWebhook, WEBHOOK_WINDOW_SECONDS } from './signature.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const secret = 'whsec_of_the_tests_0001';
const id = 'evt_1';
const body = Buffer.from('{"amount":1999}');
const seconds = 1_764_000_000;
const now = seconds * 1_000;
const refused = expect.objectContaining({ code: 'unauthenticated', status: 401 });
const signature = signWebhook([secret], id, body, seconds);
const verify = (change: Partial<Parameters<typeof verifyWebhook>[1]>, at = now, secrets: readonly string[] = [secret]): void => verifyWebhook(secrets, { id, signature, body, ...change }, at);

describe('a signature', () => {
  it('is a fixed function of secret, identifier, time and body', () => {
    expect(signature).toMatch(/^t=1764000000,v1=[0-9a-f]{64}$/u);
    expect(() => verify({})).not.toThrow();
  });

  it.each<[string, Parameters<typeof verify>]>([
    ['another body, by one byte', [{ body: Buffer.from('{"amount":1998}') }]],
    ['the same body written anew', [{ body: Buffer.from('{ "amount": 1999 }') }]],
    ['another identifier', [{ id: 'evt_2' }]],
    ['no identifier', [{ id: undefined }]],
    ['another time', [{ signature: signature.replace('t=1764000000', 't=1764000001') }]],
    ['another secret', [{}, now, ['whsec_of_somebody_else']]],
    ['no signature', [{ signature: undefined }]],
    ['an empty signature', [{ signature: 't=1764000000,v1=' }]],
    ['a shorter signature', [{ signature: signature.slice(0, -2) }]],
    ['a signature in another scheme', [{ signature: signature.replace('v1', 'v0') }]],
    ['a thousand guesses in one header', [{ signature: `t=${seconds},${'v1=00,'.repeat(1000)}` }]],
  ])('refuses %s', (_title, parameters) => {
    expect(() => verify(...parameters)).toThrow(refused);
  });

  it('is good for 300 seconds on either side, and no longer', () => {
    for (const off of [-WEBHOOK_WINDOW_SECONDS, 0, WEBHOOK_WINDOW_SECONDS]) expect(() => verify({}, now + off * 1_000)).not.toThrow();
    for (const off of [-WEBHOOK_WINDOW_SECONDS - 1, WEBHOOK_WINDOW_SECONDS + 1]) expect(() => verify({}, now + off * 1_000)).toThrow(refused);
  });

  it('changes its secret without losing a delivery', () => {
    const both = signWebhook([secret, 'the-new-secret-of-tests'], id, body, seconds);
    expect(() => verify({ signature: both })).not.toThrow();
    expect(() => verify({ signature: both }, now, ['the-new-secret-of-tests'])).not.toThrow();
  });

  it('is not made with a short secret', () => {
    expect(() => signWebhook(['short'], id, body, seconds)).toThrow(TypeError);
  });
});

describe('a receiver', () => {
  const receiverOf = (): WebhookReceiver => new WebhookReceiver({ sender: 'payments', secrets: [secret], replays: new MemoryReplayStore(() => now), now: () => now });

  it('applies a delivery once, however often and at once it comes', async () => {
    const receiver = receiverOf();
    let applied = 0;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => receiver.receive({ id, signature, body }, async () => void (applied += 1))));
    expect(applied).toBe(1);
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await receiver.receive({ id, signature, body }, async () => void (applied += 1))).toBe(false);
    expect(applied).toBe(1);
  });

  it('tries again what failed', async () => {
    const receiver = receiverOf();
    await expect(receiver.receive({ id, signature, body }, () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(await receiver.receive({ id, signature, body }, () => Promise.resolve())).toBe(true);
  });

  it('does nothing for what is forged', async () => {
    let applied = 0;
    await expect(receiverOf().receive({ id, signature, body: Buffer.from('{}') }, async () => void (applied += 1))).rejects.toEqual(refused);
    expect(applied).toBe(0);
  });
});
