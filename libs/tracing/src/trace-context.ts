/** A W3C trace context, taken apart. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/u;

/** Reads `00-<trace>-<span>-<flags>`; undefined for what is none. */
export function parseTraceparent(text: string): TraceContext | undefined {
  const [, traceId, spanId, flags] = pattern.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined || /^0+$/u.test(traceId) || /^0+$/u.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Whether a trace context asks to be recorded: what {@link parseTraceparent} says, for a fraction of its time. */
export function asksToBeRecorded(traceparent: string): boolean {
  return (Number.parseInt(traceparent.at(-1) ?? '0', 16) & 1) === 1;
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
