import { Logger } from '@nestjs/common';
import { gauge } from '@shopfleet/metrics';
import { circuitBreaker, CircuitState, handleWhen, type CircuitBreakerPolicy } from 'cockatiel';
import { RollingBreaker } from './rolling-breaker.ts';

const resetMs = 30_000;
const open = gauge('shop_breaker_open', '1 from when the circuit breaker around a dependency opens until it closes again', ['dependency']);
const logger = new Logger('Breaker');

/**
 * The circuit breaker around what a service calls and waits for: more than half of at least ten calls in ten seconds failing keeps
 * calls away for 30 s (features.md, "Database"). Its log and `shop_breaker_open` tell of it.
 *
 * @param dependency what is called, such as `payment`
 * @param counts which errors are failures of what is called; default: all of them
 */
export function dependencyBreaker(dependency: string, counts: (error: unknown) => boolean = () => true): CircuitBreakerPolicy {
  const breaker = circuitBreaker(handleWhen(counts), { halfOpenAfter: resetMs, breaker: new RollingBreaker() });
  open.set({ dependency }, 0);
  breaker.onStateChange((state) => {
    open.set({ dependency }, state === CircuitState.Closed ? 0 : 1);
    if (state === CircuitState.Open) logger.warn(`${dependency} fails and is left alone for ${resetMs / 1000} s`);
    if (state === CircuitState.Closed) logger.log(`${dependency} answers again`);
  });
  return breaker;
}
