import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One GET on this machine. `caFile` for https. Rejects when nothing answers in time. */
export function get(url: string, { caFile, timeoutMs = 3000 }: { caFile?: string; timeoutMs?: number } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const client = url.startsWith('https:') ? https : http;
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) };
    const request = client.get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs), ...ca }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

/** Whether a GET answers 200, and if not, why. */
export async function isOk(url: string, options: { caFile?: string; timeoutMs?: number } = {}): Promise<{ ok: boolean; reason: string }> {
  try {
    const { status, body } = await get(url, options);
    return { ok: status === 200, reason: status === 200 ? '' : `${status} ${body.slice(0, 300)}`.trim() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { ok: false, reason: code === 'ECONNREFUSED' ? 'nothing listens' : code === 'ABORT_ERR' ? 'no answer in time' : error instanceof Error ? error.message : String(error) };
  }
}

/** Asks again and again until `check` is content; resolves with its last complaint, or undefined when content. */
export async function until(check: () => Promise<string | undefined>, timeoutMs: number, signal?: AbortSignal): Promise<string | undefined> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const complaint = await check();
    if (complaint === undefined || Date.now() > deadline) return complaint;
    await delay(150);
  }
}
