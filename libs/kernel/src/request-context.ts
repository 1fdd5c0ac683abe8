import { AsyncLocalStorage } from 'node:async_hooks';

/** What follows one request through services, messages and logs. */
export interface RequestContext {
  /** Made by nginx (or the first service that met the request); at most 128 characters. */
  readonly requestId: string;
  /** W3C trace context, handed on as it came. */
  readonly traceparent?: string | undefined;
}

/** `requestContext.run({ requestId }, handler)` makes `currentRequest()` answer inside the handler and all it awaits. */
export const requestContext = new AsyncLocalStorage<RequestContext>();

/** The request being served, or undefined outside of one (start-up, timers). */
export function currentRequest(): RequestContext | undefined {
  return requestContext.getStore();
}
