import { expect, test } from 'vitest';
import { linkify, listPage, mailPage } from './pages.ts';
import type { StoredMail } from './stored-mail.ts';

const hostile: StoredMail = {
  id: 'mal_1',
  receivedAt: '2026-01-02T03:04:05.678Z',
  from: '"><script>alert(1)</script>@example.com',
  to: ['a@example.com'],
  subject: '<img src=x onerror=alert(1)>',
  messageId: '<x@y>',
  size: 1,
  headers: [{ name: 'x', value: '<b>' }],
  text: 'see https://localhost:8080/verify-email.html?token=a.b" <i>now</i>',
  html: '<script>alert(1)</script>',
  attachments: [],
};

test('nothing of a mail becomes markup of the page around it', () => {
  for (const page of [listPage([hostile], 1, '"><script>'), mailPage(hostile)]) {
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain('<script src="/mailbox.js" defer></script>');
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<i>');
  }
});

test('addresses in text can be clicked and end at a quote', () => {
  expect(linkify(hostile.text)).toContain('<a href="https://localhost:8080/verify-email.html?token=a.b" target="_blank"');
  expect(linkify('javascript:alert(1)')).toBe('javascript:alert(1)');
});
