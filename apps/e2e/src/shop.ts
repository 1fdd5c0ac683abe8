import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Agent, request, type Dispatcher, type FormData } from 'undici';

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the end-to-end tests by \`npm test -- --only e2e\`, which starts a shop for them.`);
  return value;
}

/** The shop under test: its public address, its mailbox and the folder its commands run in. */
export const shop = {
  url: fromEnvironment('GATEWAY'),
  mailbox: fromEnvironment('MAILBOX'),
  caFile: fromEnvironment('SHOPFLEET_CA'),
  folder: fileURLToPath(new URL('../../..', import.meta.url)),
};

/** What came back: `body` is parsed where it is JSON. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: T;
  readonly text: string;
}

export interface Call {
  readonly method?: Dispatcher.HttpMethod;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A body as it goes over the wire, in place of `body`. */
  readonly raw?: string;
  /** A form with files, in place of `body`. */
  readonly form?: FormData;
}

// The shop's own authority is trusted and no other: a wrong certificate fails the tests.
const trusting = new Agent({ connect: { ca: readFileSync(shop.caFile) }, connections: 32 });

/** One request to the shop through nginx. */
export async function call<T = Record<string, unknown>>(path: string, { method = 'GET', body, headers = {}, raw, form }: Call = {}): Promise<Answer<T>> {
  const response = await request(`${shop.url}${path}`, {
    method,
    dispatcher: trusting,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(raw !== undefined && { body: raw }),
    ...(form !== undefined && { body: form }),
    headersTimeout: 15_000,
    bodyTimeout: 15_000,
  });
  const text = await response.body.text();
  // A caller that asks for gzip gets it as it came.
  // Lines of JSON (an export) are no JSON document.
  const isJson = /\/(?:[\w.-]+\+)?json\b/u.test(String(response.headers['content-type'])) && response.headers['content-encoding'] === undefined;
  return { status: response.statusCode, headers: response.headers, text, body: (isJson && text !== '' ? JSON.parse(text) : {}) as T };
}

/** Runs a command in the project's folder as an operator would; resolves with what it printed. */
export async function operate(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: shop.folder, timeout: 360_000, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** Asks again every 200 ms until the answer is not undefined. @throws Error after `seconds` */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined>, seconds = 20): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
