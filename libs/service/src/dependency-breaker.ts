import { circuitBreaker, handleWhen, SamplingBreaker, type CircuitBreakerPolicy } from 'cockatiel';

/**
 * The circuit breaker around what a service calls and waits for: half of at least ten calls in ten seconds failing keeps
 * calls away for 30 s (features.md, "Database").
 *
 * @param counts which errors are failures of what is called; default: all of them
 */
export function dependencyBreaker(counts: (error: unknown) => boolean = () => true): CircuitBreakerPolicy {
  return circuitBreaker(handleWhen(counts), { halfOpenAfter: 30_000, breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }) });
}
