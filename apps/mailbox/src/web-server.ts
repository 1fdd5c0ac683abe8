import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { MailStore } from './mail-store.ts';
import { listPage, mailPage, missingPage, script, stylesheet } from './pages.ts';

const questionSchema = z.strictObject({
  to: z.string().max(320).optional(),
  since: z
    .string()
    .refine((value) => /^mal_[0-9a-z]+$/i.test(value) || !Number.isNaN(Date.parse(value)), {
      error: 'must be an ISO 8601 time or the id of a mail',
    })
    .optional(),
  before: z.string().regex(/^mal_[0-9a-z]+$/i, 'must be the id of a mail').optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
// The mail itself runs nothing and loads nothing from outside: styles and embedded pictures only.
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly policy?: string;
  readonly headers?: Record<string, string>;
}

const html = (status: number, body: string, policy = PAGE_POLICY): Answer => ({ status, type: 'text/html; charset=utf-8', body, policy });
const json = (status: number, value: unknown): Answer => ({ status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) });
const problem = (status: number, code: string, title: string, detail: string, errors?: readonly object[]): Answer => ({
  status,
  type: 'application/problem+json; charset=utf-8',
  body: JSON.stringify({ type: 'about:blank', title, status, detail, code, ...(errors === undefined ? {} : { errors }) }),
});
const notFound = (): Answer => problem(404, 'not-found', 'Not found', 'There is no such mail or path. GET /api/messages lists the mails.');

interface Log {
  error(fields: object, message: string): void;
}

/**
 * The mailbox over HTTP: pages for people, `/api/messages` for tests.
 * `loopbackOnly` refuses other Host names, so that no web page elsewhere reads the mails by pointing its name at 127.0.0.1.
 */
export const createWebServer = (options: { store: () => MailStore | undefined; loopbackOnly: boolean; log: Log }): Server => {
  const server = createServer((request, response) => {
    void answer(request, options)
      .catch((error: unknown) => {
        options.log.error({ err: error }, 'a request failed');
        return problem(500, 'internal', 'Internal error', 'The mailbox failed to answer; its log says why.');
      })
      .then((result) => send(request, response, result));
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  return server;
};

const send = (request: IncomingMessage, response: ServerResponse, result: Answer): void => {
  response.writeHead(result.status, {
    'content-type': result.type,
    'content-length': Buffer.byteLength(result.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': result.policy ?? "default-src 'none'; frame-ancestors 'none'",
    ...result.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : result.body);
};

const answer = async (request: IncomingMessage, options: { store: () => MailStore | undefined; loopbackOnly: boolean }): Promise<Answer> => {
  if (options.loopbackOnly && !/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(request.headers.host ?? '')) {
    return problem(403, 'forbidden', 'Forbidden', 'Open the mailbox as localhost or 127.0.0.1.');
  }
  if (!URL.canParse(request.url ?? '/', 'http://localhost')) return notFound();
  const url = new URL(request.url ?? '/', 'http://localhost');
  const store = options.store();
  if (store === undefined) {
    return { ...problem(503, 'dependency-unavailable', 'Starting', 'The mailbox is reading its file; ask again in a second.'), headers: { 'retry-after': '1' } };
  }
  if (request.method === 'DELETE' && url.pathname === '/api/messages') {
    await store.clear();
    return { status: 204, type: 'application/json', body: '' };
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return problem(405, 'method-not-allowed', 'Method not allowed', 'The mailbox answers GET, and DELETE on /api/messages.');
  }
  return read(url, store);
};

const read = async (url: URL, store: MailStore): Promise<Answer> => {
  switch (url.pathname) {
    case '/health':
      return json(200, { success: true, message: 'The mailbox is running', messages: store.count });
    case '/mailbox.css':
      return { status: 200, type: 'text/css; charset=utf-8', body: stylesheet };
    case '/mailbox.js':
      return { status: 200, type: 'text/javascript; charset=utf-8', body: script };
    case '/': {
      const to = url.searchParams.get('to') ?? '';
      return html(200, listPage(store.list({ to: to === '' ? undefined : to, limit: 200 }), store.count, to));
    }
    case '/api/messages':
      return list(url, store);
    default:
      return readOne(url, store);
  }
};

const list = (url: URL, store: MailStore): Answer => {
  const parsed = questionSchema.safeParse(Object.fromEntries(url.searchParams));
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({ pointer: `/${issue.path.join('/')}`, message: issue.message }));
    return problem(400, 'validation-failed', 'Validation failed', 'Parameters are to, since, before and limit (1 to 500).', errors);
  }
  return json(200, { items: store.list(parsed.data), total: store.count });
};

const readOne = async (url: URL, store: MailStore): Promise<Answer> => {
  const path = /^\/(api\/messages|messages)\/([A-Za-z0-9_]+)(\/html)?$/.exec(url.pathname);
  if (path === null) return notFound();
  const [, kind, id = '', part] = path;
  const mail = await store.read(id);
  if (kind === 'api/messages') return part !== undefined || mail === undefined ? notFound() : json(200, mail);
  if (mail === undefined) return html(404, missingPage());
  // Links of a mail open beside the mailbox; inside the frame they would be blocked.
  return part === undefined ? html(200, mailPage(mail)) : html(200, `<!doctype html><base target="_blank">${mail.html}`, MAIL_POLICY);
};
