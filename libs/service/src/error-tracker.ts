import { randomUUID } from 'node:crypto';
import { currentRequest } from '@shopfleet/kernel';

/** Where a report goes and as whom; from a DSN such as `https://key@errors.example.com/42`. */
export interface ErrorTarget {
  readonly url: string;
  readonly key: string;
}

/** @throws TypeError for what is no DSN */
export function parseDsn(dsn: string): ErrorTarget {
  const url = URL.canParse(dsn) ? new URL(dsn) : undefined;
  const [, prefix = '', project] = /^(.*)\/([^/]+)$/u.exec(url?.pathname ?? '') ?? [];
  if (url === undefined || !/^https?:$/u.test(url.protocol) || url.username === '' || project === undefined) throw new TypeError('ERROR_DSN is no DSN such as https://key@errors.example.com/42');
  return { url: `${url.protocol}//${url.host}${prefix}/api/${project}/envelope/`, key: url.username };
}

export interface ErrorTrackerOptions {
  readonly dsn: string;
  readonly service: string;
  readonly worker: number;
  readonly environment: string;
}

const windowMs = 60_000;
// One broken route under load must not become an attack on the tracker.
const mostPerWindow = 20;
const timeoutMs = 2_000;

/**
 * Sends errors that nobody foresaw to a tracker that speaks Sentry's envelope protocol (Sentry, GlitchTip, Bugsink). The
 * same error is sent once a minute; nothing waits for it and nothing fails by it. See docs/adr/0016-error-tracking.md.
 */
export class ErrorTracker {
  readonly #target: ErrorTarget;
  readonly #options: ErrorTrackerOptions;
  readonly #sent = new Map<string, number>();
  #silentUntil = 0;

  constructor(options: ErrorTrackerOptions) {
    this.#target = parseDsn(options.dsn);
    this.#options = options;
  }

  /** @param stack as V8 writes it, its first line naming the error */
  report(message: string, stack: string): void {
    const now = Date.now();
    const [head = ''] = stack.split('\n', 1);
    const fingerprint = `${head.split(':', 1)[0]} ${/^\s+at .*$/mu.exec(stack)?.[0] ?? ''}`;
    for (const [key, at] of this.#sent) if (now - at > windowMs) this.#sent.delete(key);
    if (now < this.#silentUntil || this.#sent.has(fingerprint) || this.#sent.size >= mostPerWindow) return;
    this.#sent.set(fingerprint, now);
    void this.#send(this.#eventOf(message, stack, fingerprint)).catch(() => undefined);
  }

  #eventOf(message: string, stack: string, fingerprint: string): Record<string, unknown> {
    const { service, worker, environment } = this.#options;
    const [head = 'Error'] = stack.split('\n', 1);
    const [type = 'Error', ...words] = head.split(': ');
    return {
      event_id: randomUUID().replaceAll('-', ''),
      timestamp: Date.now() / 1_000,
      platform: 'node',
      level: 'error',
      environment,
      server_name: `${service}/${worker}`,
      logger: service,
      fingerprint: [service, fingerprint],
      message: withoutPeople(message),
      tags: { service, ...(currentRequest() && { request_id: currentRequest()?.requestId }) },
      exception: { values: [{ type, value: withoutPeople(words.join(': ')), stacktrace: { frames: framesOf(stack) } }] },
    };
  }

  async #send(event: Record<string, unknown>): Promise<void> {
    const { url, key } = this.#target;
    const lines = [{ event_id: event['event_id'], sent_at: new Date().toISOString() }, { type: 'event' }, event];
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-sentry-envelope', 'x-sentry-auth': `Sentry sentry_version=7, sentry_client=shopfleet/1.0, sentry_key=${key}` },
      body: `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.status === 429) this.#silentUntil = Date.now() + (Number(response.headers.get('retry-after')) || 60) * 1_000;
  }
}

/** Addresses and long secrets have no place at a third party. */
function withoutPeople(text: string): string {
  return text.replace(/[^\s"'<>@]+@[^\s"'<>@]+/gu, '[address]').replace(/\b[\w-]{32,}(?:\.[\w-]+)*\b/gu, '[secret]').slice(0, 1_000);
}

// The protocol wants the outermost call first.
function framesOf(stack: string): object[] {
  return [...stack.matchAll(/^\s+at (?:(.+?) \()?(.+?):(\d+):(\d+)\)?$/gmu)]
    .slice(0, 50)
    .map(([, name, file = '', line, column]) => ({ function: name ?? '<anonymous>', filename: file.replace(/^file:\/\//u, ''), lineno: Number(line), colno: Number(column), in_app: !file.includes('node_modules') && !file.startsWith('node:') }))
    .reverse();
}
