export { installTracing, isRecorded, startSpan, traced, type Attributes, type SpanOptions, type Tracing, type TracedSpan } from './tracing.ts';
