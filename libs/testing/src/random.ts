/** A seeded generator (mulberry32) of numbers from 0 up to 1: the same seed makes the same run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of this run: FAULT_SEED of the environment, else a fresh one; printed, so that a failure can be repeated. */
export function seedOfRun(): number {
  const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`FAULT_SEED=${seed}\n`);
  return seed;
}
