export { installTracing, startSpan, traced, tracingIsOn, type Attributes, type SpanOptions, type Tracing, type TracedSpan } from './tracing.ts';
