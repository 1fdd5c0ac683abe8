import { currentRequest, requestContext } from '@shopfleet/kernel';
import { asksToBeRecorded } from './trace-context.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
  /** W3C trace context of the parent; where absent that of the request being served. Without a parent nothing is traced. */
  readonly parent?: string | undefined;
  /** Of another service: nginx, for which the service that it asked speaks. */
  readonly edge?: { readonly spanId: string; readonly startedAt: number };
}

/** A span that has begun. */
export interface TracedSpan {
  /** What goes on to the next hop. */
  readonly traceparent: string;
  end(outcome?: { readonly error?: unknown; readonly attributes?: Attributes; readonly name?: string }): void;
}

/** Makes spans; `preload.ts` installs the one that speaks OTLP. */
export interface Tracing {
  start(name: string, options: SpanOptions & { readonly parent: string }): TracedSpan | undefined;
}

let installed: Tracing | undefined;

/** Called once, before the application is loaded. */
export function installTracing(tracing: Tracing | undefined): void {
  installed = tracing;
}

/** Whether what has this trace context (by default the request being served) makes spans; one in a hundred does. */
export function isRecorded(traceparent = currentRequest()?.traceparent): traceparent is string {
  return installed !== undefined && traceparent !== undefined && asksToBeRecorded(traceparent);
}

/** Begins a span, or returns undefined where nothing is recorded: tracing is off, or nothing is being served. */
export function startSpan(name: string, options: SpanOptions): TracedSpan | undefined {
  if (installed === undefined) return undefined;
  const parent = options.parent ?? currentRequest()?.traceparent;
  return isRecorded(parent) ? installed.start(name, { ...options, parent }) : undefined;
}

/**
 * Does `work` within a span; what it awaits hangs below it.
 *
 * @example await traced('smtp send', { kind: 'client' }, () => transport.sendMail(mail));
 */
export async function traced<T>(name: string, options: SpanOptions, work: (span: TracedSpan | undefined) => Promise<T>): Promise<T> {
  const span = startSpan(name, options);
  if (span === undefined) return work(undefined);
  const context = { requestId: '', ...currentRequest(), traceparent: span.traceparent };
  try {
    const result = await requestContext.run(context, () => work(span));
    span.end();
    return result;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}
