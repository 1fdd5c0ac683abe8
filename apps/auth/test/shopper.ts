import { parseSetCookie } from 'cookie';
import { internalToken, type AuthService } from './auth-service.ts';

// Written out: the name is part of what clients see.
const refreshCookieName = '__Secure-shopfleet-refresh';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface CallOptions {
  readonly token?: string | undefined;
  readonly cookie?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

// Each call comes from an address of its own, as nginx would tell it, unless a test says otherwise.
let calls = 0;
const nextAddress = (): string => { calls += 1; return `10.${(calls >> 16) & 255}.${(calls >> 8) & 255}.${calls & 255}`; };

export const password = 'wolken treiben leise';

/** Somebody who uses the service over HTTP. */
export class Shopper {
  private readonly auth: Pick<AuthService, 'url' | 'collection'>;

  constructor(auth: Pick<AuthService, 'url' | 'collection'>) {
    this.auth = auth;
  }

  async call(method: string, path: string, { token, cookie, body, headers = {} }: CallOptions = {}): Promise<Answer> {
    const answer = await fetch(`${this.auth.url}${path}`, {
      method,
      headers: {
        'x-real-ip': nextAddress(),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(cookie !== undefined && { cookie: `${refreshCookieName}=${cookie}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  }

  register(email: string, more: Record<string, unknown> = {}): Promise<Answer> {
    return this.call('POST', '/api/auth/register', { body: { email, password, name: 'Ada Byron', locale: 'en', ...more } });
  }

  /** The newest token that a mail to this address would hold, got the way the notification service gets it. */
  async mailToken(email: string, purpose = 'verify-email'): Promise<string> {
    const account = await this.auth.collection<{ _id: string }>('accounts').findOne({ email });
    const stored = await this.auth.collection<{ _id: string }>('mail_tokens').findOne({ userId: account?._id ?? '', purpose }, { sort: { createdAt: -1 } });
    const answer = await this.call('GET', `/internal/mail-tokens/${stored?._id ?? 'none'}`, { headers: { 'x-internal-token': internalToken } });
    return String(answer.body['token']);
  }

  /** Registers and verifies. */
  async join(email: string): Promise<void> {
    await this.register(email);
    const verified = await this.call('POST', '/api/auth/verify-email', { body: { token: await this.mailToken(email) } });
    if (verified.status !== 200) throw new Error(`verification answered ${verified.status}`);
  }

  login(email: string, secret = password, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', '/api/auth/login', { body: { email, password: secret }, headers });
  }

  /** Joins, optionally gets roles, and logs in. */
  async admitted(email: string, roles?: readonly string[]): Promise<{ token: string; cookie: string; userId: string }> {
    await this.join(email);
    if (roles) await this.auth.collection('accounts').updateOne({ email }, { $set: { roles } });
    const answer = await this.login(email);
    return { token: String(answer.body['accessToken']), cookie: refreshTokenOf(answer), userId: (answer.body['user'] as { id: string }).id };
  }
}

/** The refresh token that an answer sets; empty when it clears the cookie. */
export function refreshTokenOf(answer: Answer): string {
  const cookie = parseSetCookie(answer.headers.get('set-cookie') ?? '');
  return cookie.name === refreshCookieName ? (cookie.value ?? '') : '';
}
