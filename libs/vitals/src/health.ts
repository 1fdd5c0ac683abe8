import type { ServiceVitals } from './vitals.ts';

/** Why the score is below 100. */
export interface HealthReason {
  readonly service: string;
  readonly points: number;
  /** For a person: what is found and what it should be. */
  readonly reason: string;
}

export interface Health {
  /** 100: nothing to complain of; 0: the shop is down. */
  readonly score: number;
  readonly reasons: readonly HealthReason[];
}

interface Check {
  readonly points: number;
  readonly applies: (vitals: ServiceVitals) => boolean;
  readonly says: (vitals: ServiceVitals) => string;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

// The bounds are those of features.md, "Operations" (S0, S1). Of a list of checks the first that applies counts.
const checks: readonly (readonly Check[])[] = [
  [{ points: 50, applies: ({ workers }) => workers === 0, says: () => 'no worker answers' }],
  [
    { points: 30, applies: ({ errorShare }) => errorShare > 0.1, says: ({ errorShare }) => `${percent(errorShare)} of the answers are errors, more than 10 %` },
    { points: 10, applies: ({ errorShare }) => errorShare > 0.01, says: ({ errorShare }) => `${percent(errorShare)} of the answers are errors, more than 1 %` },
  ],
  [
    { points: 15, applies: ({ p95 = 0 }) => p95 > 1, says: ({ p95 = 0 }) => `p95 is ${p95.toFixed(2)} s, more than 1 s` },
    { points: 5, applies: ({ p95 = 0 }) => p95 > 0.5, says: ({ p95 = 0 }) => `p95 is ${p95.toFixed(2)} s, more than 0.5 s` },
  ],
  [
    { points: 20, applies: ({ memoryShare }) => memoryShare > 0.95, says: ({ memoryShare }) => `a worker takes ${percent(memoryShare)} of its 500 MB, more than 95 %` },
    { points: 5, applies: ({ memoryShare }) => memoryShare > 0.8, says: ({ memoryShare }) => `a worker takes ${percent(memoryShare)} of its 500 MB, more than 80 %` },
  ],
  [{ points: 5, applies: ({ cpuShare }) => cpuShare > 0.8, says: ({ cpuShare }) => `its workers are busy ${percent(cpuShare)} of the time, more than 80 %` }],
  [
    { points: 15, applies: ({ outboxOldestSeconds }) => outboxOldestSeconds > 30, says: ({ outboxOldestSeconds }) => `an event has waited ${Math.round(outboxOldestSeconds)} s to be published, more than 30 s` },
    { points: 5, applies: ({ outboxOldestSeconds }) => outboxOldestSeconds > 5, says: ({ outboxOldestSeconds }) => `an event has waited ${Math.round(outboxOldestSeconds)} s to be published, more than 5 s` },
  ],
  [{ points: 5, applies: ({ deadLetters }) => deadLetters > 0, says: ({ deadLetters }) => `${deadLetters} dead letters: npm run ops -- dlq list` }],
  [{ points: 10, applies: ({ poolWaiting, poolShare }) => poolWaiting > 0 && poolShare >= 1, says: ({ poolWaiting }) => `the pool of connections is exhausted, ${poolWaiting} operations wait` }],
  [{ points: 10, applies: ({ limitsWithoutRedis }) => limitsWithoutRedis > 0, says: () => 'limits are counted without redis-state' }],
  [{ points: 5, applies: ({ cacheHitShare = 1 }) => cacheHitShare < 0.8, says: ({ cacheHitShare = 1 }) => `the cache answers ${percent(cacheHitShare)} of the reads, less than 80 %` }],
];

/** The health of the shop in one number, with every reason for what is missing from 100. */
export function healthOf(vitals: readonly ServiceVitals[]): Health {
  const reasons = vitals.flatMap((service) =>
    checks.flatMap((alternatives) => {
      const found = alternatives.find(({ applies }) => applies(service));
      return found ? [{ service: service.service, points: found.points, reason: found.says(service) }] : [];
    }),
  );
  return { score: Math.max(0, 100 - reasons.reduce((sum, { points }) => sum + points, 0)), reasons };
}
