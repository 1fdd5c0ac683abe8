import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Context, type Span, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, RandomIdGenerator, TracerProvider, type IdGenerator, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { formatTraceparent, parseTraceparent } from './trace-context.ts';
import type { SpanOptions, TracedSpan, Tracing } from './tracing.ts';

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const;

export interface OtelOptions {
  readonly service: string;
  readonly worker: string;
  /** Base URL of the collector, such as http://127.0.0.1:4318. */
  readonly endpoint: string;
}

/** Identifiers that nginx has given out already are used for its span; else random ones. */
class EdgeIds implements IdGenerator {
  #traceId: string | undefined;
  #spanId: string | undefined;
  readonly #random = new RandomIdGenerator();

  use({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }): void {
    this.#traceId = traceId;
    this.#spanId = spanId;
  }

  generateTraceId(): string {
    const id = this.#traceId ?? this.#random.generateTraceId();
    this.#traceId = undefined;
    return id;
  }

  generateSpanId(): string {
    const id = this.#spanId ?? this.#random.generateSpanId();
    this.#spanId = undefined;
    return id;
  }
}

/** Spans by OTLP over HTTP. What the edge did not choose to sample makes no span at all. */
export class OtelTracing implements Tracing {
  readonly #tracer: Tracer;
  readonly #edge: Tracer;
  readonly #edgeIds = new EdgeIds();
  readonly #processor: SpanProcessor;

  constructor({ service, worker, endpoint }: OtelOptions) {
    this.#processor = new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/u, '')}/v1/traces`, timeoutMillis: 2_000 }), scheduledDelayMillis: 1_000 });
    const provider = (attributes: Record<string, string>, idGenerator?: IdGenerator): TracerProvider =>
      new TracerProvider({ resource: resourceFromAttributes(attributes), spanProcessors: [this.#processor], sampler: new AlwaysOnSampler(), ...(idGenerator && { idGenerator }) });
    this.#tracer = provider({ 'service.name': service, 'service.instance.id': worker }).getTracer('shopfleet');
    this.#edge = provider({ 'service.name': 'nginx' }, this.#edgeIds).getTracer('shopfleet');
  }

  start(name: string, { kind, attributes, parent, edge }: SpanOptions & { readonly parent: string }): TracedSpan | undefined {
    const context = parseTraceparent(parent);
    if (context === undefined || !context.sampled) return undefined;
    if (edge === undefined) return new StartedSpan(this.#tracer.startSpan(name, { kind: kinds[kind], ...(attributes && { attributes: { ...attributes } }) }, below(context)));
    this.#edgeIds.use({ traceId: context.traceId, spanId: edge.spanId });
    return new StartedSpan(this.#edge.startSpan(name, { kind: kinds[kind], root: true, startTime: edge.startedAt, ...(attributes && { attributes: { ...attributes } }) }, ROOT_CONTEXT));
  }

  /** Sends what is still here. */
  async flush(): Promise<void> {
    await this.#processor.forceFlush();
  }
}

function below({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

class StartedSpan implements TracedSpan {
  constructor(private readonly span: Span) {}

  get traceparent(): string {
    const { traceId, spanId } = this.span.spanContext();
    return formatTraceparent({ traceId, spanId, sampled: true });
  }

  end({ error, attributes, name }: Parameters<TracedSpan['end']>[0] = {}): void {
    if (name !== undefined) this.span.updateName(name);
    if (attributes !== undefined) this.span.setAttributes({ ...attributes });
    if (error !== undefined) {
      // The message may hold what people typed; its class tells enough, the log line of the request tells the rest.
      this.span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
    }
    this.span.end();
  }
}
