// Loaded by `node --import` before anything else, and only where OTEL_EXPORTER_OTLP_ENDPOINT is set (ecosystem.config.js).
import { OtelTracing } from './otel-tracing.ts';
import { traceRedis } from './redis-spans.ts';
import { installTracing } from './tracing.ts';
import { traceUndici } from './undici-spans.ts';

// PM2 hands the environment of a cluster's worker over as one variable and unpacks it only after the preloads.
const environment: Readonly<Record<string, unknown>> = { ...process.env, ...(JSON.parse(process.env['pm2_env'] ?? '{}') as Record<string, unknown>) };
const text = (name: string): string | undefined => (environment[name] === undefined ? undefined : String(environment[name]));

const endpoint = text('OTEL_EXPORTER_OTLP_ENDPOINT');
if (endpoint) {
  const tracing = new OtelTracing({ service: text('OTEL_SERVICE_NAME') ?? 'shopfleet', worker: text('NODE_APP_INSTANCE') ?? '0', endpoint });
  installTracing(tracing);
  traceRedis();
  traceUndici();
  process.once('beforeExit', () => void tracing.flush().catch(() => undefined));
}
