import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { AppError } from '@shopfleet/kernel';
import { Agent } from 'undici';
import { NetworkPolicy } from './network-policy.ts';

/** Answers with all addresses of a name, as `dns.lookup` with `all` does. */
export type ResolveName = (name: string, callback: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void) => void;

export interface SafeHttpClientOptions {
  /** Addresses beside the public ones that may be called; for tests and hosts in one's own net. */
  readonly allowedAddresses?: readonly string[];
  /** Plain http is refused unless this says otherwise. */
  readonly allowHttp?: boolean;
  /** For the whole exchange, in milliseconds; default 10,000. */
  readonly timeoutMs?: number;
  /** Of an answer, in bytes; default 64 KiB. More is cut off with an error. */
  readonly maxResponseBytes?: number;
  /** Default: the system's resolver. */
  readonly resolve?: ResolveName;
}

export interface SafeRequest {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface SafeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The address leads somewhere that is not for us to call. The message is for the person who gave the URL. */
export class RefusedAddressError extends AppError {
  constructor(detail: string, field = 'url') {
    super('validation-failed', { detail, errors: [{ pointer: `/${field}`, message: detail }] });
    this.name = 'RefusedAddressError';
  }
}

/**
 * Calls URLs that strangers have given, without being led into our own network: the name is resolved once, every address
 * behind it has to be public, and the connection goes to just the address that was looked at (a name that resolves to
 * something else a moment later gains nothing). Redirects are answers, not instructions.
 *
 * @example
 * const client = new SafeHttpClient();
 * client.check('https://hooks.example.com/in'); // when somebody registers it
 * await client.request('https://hooks.example.com/in', { method: 'POST', body });
 */
export class SafeHttpClient {
  readonly #policy: NetworkPolicy;
  readonly #options: Required<Omit<SafeHttpClientOptions, 'allowedAddresses'>>;
  readonly #agent: Agent;
  readonly #onlyPublic: boolean;

  constructor({ allowedAddresses = [], allowHttp = false, timeoutMs = 10_000, maxResponseBytes = 64 * 1024, resolve = resolveBySystem }: SafeHttpClientOptions = {}) {
    this.#policy = new NetworkPolicy(allowedAddresses);
    this.#onlyPublic = allowedAddresses.length === 0;
    this.#options = { allowHttp, timeoutMs, maxResponseBytes, resolve };
    this.#agent = new Agent({
      connect: { lookup: this.#lookup, timeout: Math.min(3_000, timeoutMs), autoSelectFamily: false },
      connections: 4,
      pipelining: 1,
      // A kept connection would outlive what was looked at; the next delivery asks again.
      keepAliveTimeout: 1,
      keepAliveMaxTimeout: 1,
      maxResponseSize: maxResponseBytes,
    });
  }

  /**
   * What can be said of a URL without asking the network: scheme, credentials, literal addresses in any notation, names
   * that no public resolver knows.
   * @param field where the URL stood in what was sent to us, for the error
   * @throws RefusedAddressError
   */
  check(url: string, field = 'url'): URL {
    // The URL standard turns 2130706433, 0x7f.1 and 0177.0.0.1 into 127.0.0.1: what is looked at is what is called.
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined) throw new RefusedAddressError('This is no URL; write it like https://hooks.example.com/shop.', field);
    if (parsed.protocol !== 'https:' && !(this.#options.allowHttp && parsed.protocol === 'http:')) throw new RefusedAddressError('The URL must begin with https://.', field);
    if (parsed.username !== '' || parsed.password !== '') throw new RefusedAddressError('The URL must not hold a user name or password.', field);
    const host = parsed.hostname.replace(/^\[|\]$/gu, '');
    if (isIP(host) !== 0 ? !this.#policy.allows(host) : this.#onlyPublic && isNameOfInside(host)) throw refusedAddress(parsed.hostname, field);
    return parsed;
  }

  /**
   * @throws RefusedAddressError when the URL leads, by name or number, to an address that is not public
   * @throws Error when nobody answers in time, or with more than is read
   */
  async request(url: string, { method, headers = {}, body }: SafeRequest): Promise<SafeResponse> {
    const { origin, pathname, search } = this.check(url);
    try {
      const response = await this.#agent.request({
        origin,
        path: `${pathname}${search}`,
        method,
        headers,
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(this.#options.timeoutMs),
      });
      return { status: response.statusCode, headers: response.headers, body: Buffer.from(await response.body.arrayBuffer()) };
    } catch (error) {
      const refusal = refusalIn(error);
      throw refusal ?? error;
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  // Runs when a connection is opened and gives it its address: between the look and the call there is nothing.
  readonly #lookup: LookupFunction = (name, options, callback) => {
    this.#options.resolve(name, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        callback(error ?? new Error(`${name} has no address`), '', 0);
        return;
      }
      // One private address among public ones is how a name is turned against its resolver.
      if (addresses.some(({ address }) => !this.#policy.allows(address))) {
        callback(refusedAddress(name), '', 0);
        return;
      }
      if (options.all === true) callback(null, [first]);
      else callback(null, first.address, first.family);
    });
  };
}

const resolveBySystem: ResolveName = (name, callback) => systemLookup(name, { all: true, verbatim: true }, (error, addresses) => callback(error, addresses ?? []));

// Whoever writes these is told at once; what any other name leads to is looked at when it is called.
function isNameOfInside(host: string): boolean {
  const labels = host.replace(/\.$/u, '').split('.');
  return labels.length === 1 || ['localhost', 'local', 'internal', 'localdomain', 'lan', 'intranet'].includes(labels.at(-1) ?? '');
}

function refusedAddress(host: string, field?: string): RefusedAddressError {
  return new RefusedAddressError(`${host} is not on the public internet, so it cannot be called.`, field);
}

function refusalIn(error: unknown): RefusedAddressError | undefined {
  if (error instanceof RefusedAddressError) return error;
  return error instanceof Error && error.cause !== undefined ? refusalIn(error.cause) : undefined;
}
