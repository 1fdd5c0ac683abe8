// Every error a client can meet: its stable code, HTTP status and title stand here and nowhere else.
const catalogue = {
  'validation-failed': { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Authentication is needed' },
  'payment-declined': { status: 402, title: 'The payment was declined' },
  forbidden: { status: 403, title: 'Not allowed' },
  'email-not-verified': { status: 403, title: 'The e-mail address is not verified' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'The request conflicts with the current state' },
  'out-of-stock': { status: 409, title: 'Out of stock' },
  'price-changed': { status: 409, title: 'The price has changed' },
  'invalid-transition': { status: 409, title: 'Not possible in the current state' },
  'coupon-exhausted': { status: 409, title: 'The coupon is used up' },
  'idempotency-in-flight': { status: 409, title: 'The first request with this key is still running' },
  'precondition-failed': { status: 412, title: 'It has been changed meanwhile' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'idempotency-mismatch': { status: 422, title: 'The key was used for another request' },
  'precondition-required': { status: 428, title: 'If-Match is required' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  'dependency-unavailable': { status: 503, title: 'Temporarily unavailable' },
} as const;

/** The stable code of an error: safe to compare, never changed. */
export type ErrorCode = keyof typeof catalogue;

/** Every code there is. */
export const errorCodes = Object.keys(catalogue) as readonly ErrorCode[];

/** Where in the input an error lies (a JSON pointer such as `/lines/0/quantity`) and what is wrong there. */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

export interface AppErrorOptions {
  /** One sentence for a person: what happened and what to do. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** After how many seconds a retry makes sense; sent as Retry-After. */
  readonly retryAfterSeconds?: number;
  /** Further members of the problem document, such as `shortages` of `out-of-stock`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * An error with a stable code that is answered as problem details (RFC 9457).
 *
 * @example throw new AppError('not-found', { detail: `There is no order ${id}.` });
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions) {
    super(options.detail, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = catalogue[code].status;
    this.title = catalogue[code].title;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.extensions = options.extensions;
  }

  get detail(): string {
    return this.message;
  }
}

/** The code that stands for an HTTP status where a framework threw without one of ours. */
export function codeOfStatus(status: number): ErrorCode {
  const code = errorCodes.find((candidate) => catalogue[candidate].status === status);
  return code ?? (status >= 500 ? 'internal' : 'validation-failed');
}
