import { orderPaid } from '@shopfleet/contracts';
import { expect, test } from 'vitest';
import type { Locale } from '../locale.ts';
import { localeOf, locales } from '../locale.ts';
import { renderMail, type RenderedMail } from '../render-mail.ts';
import { allKinds } from './kind-registry.ts';
import type { Kind } from './kind.ts';
import { cartAbandonedKind } from './cart-abandoned.ts';
import { newDevice } from './new-device.ts';
import { orderCancelledKind } from './order-cancelled.ts';
import { orderPaidKind } from './order-paid.ts';
import { orderShippedKind } from './order-shipped.ts';
import { priceDroppedKind } from './price-dropped.ts';
import { verifyEmail } from './verify-email.ts';

function write<D>(kind: Kind<D>, data: D, locale: Locale = 'en', token = ''): RenderedMail {
  const content = kind.mail?.(data, { locale, shopUrl: 'https://shop.example', token });
  if (content === undefined) throw new Error(`${kind.name} has no mail`);
  return renderMail(content, locale);
}

const { orderId, number, lines, totals } = orderPaid.example;
const paid = { orderId, number, lines, totals };

test('the confirmation lists what was bought with amounts as the reader writes them', () => {
  const english = write(orderPaidKind, paid);
  expect(english.subject).toBe('Your order SF-7K3M-9Q2P is confirmed');
  expect(english.text).toContain('2 × Brass desk lamp, small: €99.80');
  expect(english.text).toContain('Total: €99.80');
  const german = write(orderPaidKind, paid, 'de');
  expect(german.subject).toBe('Ihre Bestellung SF-7K3M-9Q2P ist bestätigt');
  expect(german.text).toContain('2 × Brass desk lamp, small: 99,80\u00a0€');
  expect(german.text).toContain('Summe: 99,80\u00a0€');
  expect(german.html).toContain('<html lang="de">');
});

test('yen have no decimals and dinars three', () => {
  const line = lines[0];
  if (line === undefined) throw new Error('the example has a line');
  const inCurrency = (currency: 'JPY' | 'KWD'): string => write(orderPaidKind, { ...paid, lines: [{ ...line, lineTotal: { amount: 9980, currency } }] }).text;
  expect(inCurrency('JPY')).toContain('¥9,980');
  expect(inCurrency('KWD')).toContain('KWD\u00a09.980');
});

test('markup in names stays text, in HTML and in the subject', () => {
  const hostile = '<script>alert("x")</script>&\u202e\r\nBcc: eve@example.com';
  const verify = write(verifyEmail, { name: hostile, tokenRef: 'ref' }, 'en', 'a.b');
  expect(verify.html).not.toContain('<script');
  expect(verify.html).toContain('&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62;&#38; Bcc: eve@example.com');
  const line = lines[0];
  if (line === undefined) throw new Error('the example has a line');
  const order = write(orderPaidKind, { ...paid, number: hostile, lines: [{ ...line, name: '<img src=x onerror=alert(1)>' }] });
  expect(order.html).not.toMatch(/<script|<img/u);
  expect(order.subject).not.toMatch(/[\r\n\u202e]/u);
  expect(order.text).not.toMatch(/\r|\nBcc/u);
});

test('the verification mail has the link and the bare code', () => {
  const { text, html } = write(verifyEmail, { name: 'Ada', tokenRef: 'ref' }, 'de', 'mal_1.a+b');
  expect(text).toContain('Guten Tag Ada,');
  expect(text).toContain('https://shop.example/verify-email.html?token=mal_1.a%2Bb');
  expect(text).toContain('Oder geben Sie diesen Code ein:\nmal_1.a+b');
  expect(html).toContain('href="https://shop.example/verify-email.html?token=mal_1.a%2Bb"');
});

test('a cancellation says whether money moved', () => {
  const order = { orderId, number };
  expect(write(orderCancelledKind, { ...order, reason: 'declined' }).text).toContain('the payment for order SF-7K3M-9Q2P was declined');
  expect(write(orderCancelledKind, { ...order, reason: 'expired' }, 'de').text).toContain('nicht rechtzeitig bezahlt');
  expect(orderCancelledKind.notice?.({ ...order, reason: 'cancelled' }, 'en').body).toMatch(/^Order SF-7K3M-9Q2P was cancelled/u);
});

test('a tracking link is http or https only', () => {
  const parcel = (url: string) => orderShippedKind.data.safeParse({ orderId, number, tracking: { carrier: 'P', code: '1', url } }).success;
  expect(parcel('https://parcel.example.com/1')).toBe(true);
  expect(parcel('javascript:alert(1)')).toBe(false);
});

test('instants are written in the reader’s language, and in UTC', () => {
  const login = { device: 'Firefox on Linux', at: '2026-11-20T10:15:30.000Z' };
  expect(write(newDevice, login).text).toContain('Firefox on Linux, 20 November 2026 at 10:15 UTC');
  expect(write(newDevice, login, 'de').text).toContain('Firefox on Linux, 20. November 2026 um 10:15 UTC');
});

test('each kind has its own name, and a language we do not speak is English', () => {
  expect(new Set(allKinds.map((kind) => kind.name)).size).toBe(allKinds.length);
  expect(locales.map((locale) => localeOf(`${locale}-XX`))).toEqual([...locales]);
  expect(localeOf('fr-FR')).toBe('en');
});

test('tax that prices contain is named after the total, other tax before it', () => {
  const tax = { amount: 1_594, currency: 'EUR' as const };
  expect(write(orderPaidKind, { ...paid, totals: { ...totals, tax, taxIncluded: true } }).text).toMatch(/Total: €99\.80\nTax included: €15\.94/u);
  expect(write(orderPaidKind, { ...paid, totals: { ...totals, tax } }, 'de').text).toMatch(/Steuer: 15,94\s€\nSumme/u);
});

test('a fallen price and a cart left behind say what it is about, in both languages', () => {
  const wish = { productId: 'prd_1', name: 'Brass desk lamp', variantName: 'small', before: { amount: 4_990, currency: 'EUR' as const }, now: { amount: 3_990, currency: 'EUR' as const } };
  expect(write(priceDroppedKind, wish).text).toContain('Brass desk lamp, small on your wish list now costs €39.90 instead of €49.90.');
  expect(write(priceDroppedKind, wish, 'de').text).toMatch(/kostet jetzt 39,90\s€ statt 49,90\s€/u);
  const cart = { lineCount: 2, subtotal: { amount: 9_980, currency: 'EUR' as const } };
  expect(write(cartAbandonedKind, cart).text).toContain('you left 2 articles for €99.80 in your cart');
  expect(write(cartAbandonedKind, { ...cart, lineCount: 1 }, 'de').text).toMatch(/liegt noch ein Artikel für 99,80\s€/u);
});
