import { circuitBreaker, handleWhen, SamplingBreaker, type CircuitBreakerPolicy } from 'cockatiel';

/** Half of at least ten calls in ten seconds failing keeps calls away from the provider for 30 s (features.md). */
export const openPaymentBreaker = (counts: (error: unknown) => boolean = () => true): CircuitBreakerPolicy =>
  circuitBreaker(handleWhen(counts), { halfOpenAfter: 30_000, breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }) });
