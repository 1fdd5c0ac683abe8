import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { converse, type Mail } from './smtp-client.ts';
import { MailStore } from '../src/mail-store.ts';
import { type RunningMailbox, startMailbox } from '../src/mailbox.ts';
import type { StoredMail } from '../src/stored-mail.ts';

let directory: string;
let mailbox: RunningMailbox;
const log = pino({ level: 'silent' });

const start = (): Promise<RunningMailbox> => startMailbox({ HOST: '127.0.0.1', MAILBOX_PORT: 0, SMTP_PORT: 0, DATA_DIR: directory }, log);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mailbox-'));
  mailbox = await start();
});

afterEach(async () => {
  await mailbox.close();
  await rm(directory, { recursive: true });
});

const url = (path: string): string => `http://127.0.0.1:${String(mailbox.webPort)}${path}`;
const send = async (mail: Mail): Promise<void> => {
  const answers = await converse(mailbox.smtpPort, mail);
  expect(answers.at(-1)).toMatch(/^250 /);
};
const messages = async (query = ''): Promise<{ items: { id: string; subject: string; to: string[]; receivedAt: string }[]; total: number }> =>
  (await (await fetch(url(`/api/messages${query}`))).json()) as never;

test('a mail sent by SMTP is listed, shown and read back with umlauts', async () => {
  await send({ to: 'a@example.com', subject: 'Bestätigung für Jürgen', text: 'Größe: €', html: '<p>Größe: €</p>' });
  const { items } = await messages();
  expect(items).toHaveLength(1);
  const mail = (await (await fetch(url(`/api/messages/${items[0]?.id ?? ''}`))).json()) as StoredMail;
  expect(mail.subject).toBe('Bestätigung für Jürgen');
  expect(mail.text.trim()).toBe('Größe: €');
  expect(mail.html.trim()).toBe('<p>Größe: €</p>');
  expect(await (await fetch(url('/'))).text()).toContain('Bestätigung für Jürgen');
});

test('filters by recipient and by time or id, newest first', async () => {
  await send({ to: 'Ada@example.com', subject: 'one' });
  await send({ to: 'bob@example.com', subject: 'two' });
  await send({ to: 'ada@example.com', subject: 'three' });
  const all = await messages();
  expect(all.items.map((mail) => mail.subject)).toEqual(['three', 'two', 'one']);
  expect((await messages('?to=ada@example.com')).items.map((mail) => mail.subject)).toEqual(['three', 'one']);
  expect((await messages(`?since=${all.items[1]?.id ?? ''}`)).items.map((mail) => mail.subject)).toEqual(['three']);
  expect((await messages(`?limit=1&before=${all.items[1]?.id ?? ''}`)).items.map((mail) => mail.subject)).toEqual(['one']);
  expect((await messages('?since=2999-01-01T00:00:00Z')).items).toEqual([]);
  expect((await messages('?limit=1')).items).toHaveLength(1);
});

test('mails survive a restart, and a torn last line does not hide them', async () => {
  await send({ to: 'a@example.com', subject: 'kept' });
  await mailbox.close();
  await appendFile(join(directory, 'mails.ndjson'), '{"id":"mal_torn","to":["a@');
  mailbox = await start();
  expect((await messages()).items.map((mail) => mail.subject)).toEqual(['kept']);
  await send({ to: 'a@example.com', subject: 'next' });
  await mailbox.close();
  mailbox = await start();
  expect((await messages()).items.map((mail) => mail.subject)).toEqual(['next', 'kept']);
});

test('DELETE forgets all mails, also over a restart', async () => {
  await send({ to: 'a@example.com' });
  expect((await fetch(url('/api/messages'), { method: 'DELETE' })).status).toBe(204);
  expect((await messages()).total).toBe(0);
  await mailbox.close();
  mailbox = await start();
  expect((await messages()).total).toBe(0);
});

test('a mail past the size limit is refused for good, and the next one is taken', async () => {
  const answers = await converse(mailbox.smtpPort, { to: 'a@example.com', text: `${'x'.repeat(900)}\r\n`.repeat(3_500) });
  expect(answers.at(-1)).toMatch(/^552 /);
  await send({ to: 'a@example.com' });
  expect((await messages()).total).toBe(1);
});

test('the HTML of a mail is served so that it can run nothing', async () => {
  await send({ to: 'a@example.com', html: '<script>alert(1)</script><a href="https://localhost:8080/">shop</a>' });
  const { items } = await messages();
  const id = items[0]?.id ?? '';
  const policy = (await fetch(url(`/messages/${id}/html`))).headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/);
  expect(policy).not.toContain('script');
  expect(await (await fetch(url(`/messages/${id}`))).text()).toContain('<iframe title="HTML of the mail" sandbox="allow-popups allow-popups-to-escape-sandbox"');
});

test('wrong parameters, unknown mails, other verbs and foreign host names get a problem document', async () => {
  expect((await fetch(url('/api/messages?from=x'))).status).toBe(400);
  expect((await fetch(url('/api/messages?limit=0'))).status).toBe(400);
  expect((await fetch(url('/api/messages/mal_none'))).status).toBe(404);
  expect((await fetch(url('/api/messages'), { method: 'POST' })).status).toBe(405);
  expect(await rawStatus('GET /api/messages HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')).toContain(' 403 ');
});

test('a second mailbox on the same port says so and leaves the file alone', async () => {
  await send({ to: 'a@example.com' });
  await expect(
    startMailbox({ HOST: '127.0.0.1', MAILBOX_PORT: mailbox.webPort, SMTP_PORT: 0, DATA_DIR: directory }, log),
  ).rejects.toThrow(/port \d+ is taken: stop what listens there or set MAILBOX_PORT/);
  expect((await messages()).total).toBe(1);
});

test('keeps the newest mails only, in memory and on disk', async () => {
  const folder = join(directory, 'bounded');
  const limits = { maxMessages: 5, maxBytes: 10_000 };
  const store = await MailStore.open(folder, limits);
  const mail = (n: number): StoredMail => ({ id: `mal_${String(n).padStart(4, '0')}`, receivedAt: new Date(n).toISOString(), from: '', to: ['a@b'], subject: String(n), messageId: '', size: 1, headers: [], text: 'x'.repeat(n * 3), html: '', attachments: [] });
  await Promise.all(Array.from({ length: 200 }, (_, n) => store.append(mail(n))));
  for (let n = 200; n < 230; n++) await store.append(mail(n));
  const newest = ['229', '228', '227', '226', '225'];
  expect(store.list({ limit: 100 }).map((found) => found.subject)).toEqual(newest);
  expect((await store.read('mal_0229'))?.text).toHaveLength(229 * 3);
  expect(await store.read('mal_0001')).toBeUndefined();
  await store.close();
  expect((await stat(join(folder, 'mails.ndjson'))).size).toBeLessThan(limits.maxBytes);
  const again = await MailStore.open(folder, limits);
  expect(again.list({ limit: 100 }).map((found) => found.subject)).toEqual(newest);
  await again.close();
});

const rawStatus = (request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(mailbox.webPort, '127.0.0.1', () => socket.write(request));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().split('\r\n')[0] ?? '');
    });
    socket.once('error', reject);
  });
