/** How long the fault tests are: short within `npm test`, long by `npm run test:faults`. */
export const counts = {
  /** Seeds of the race for the last pieces. */
  seeds: read('FAULT_SEEDS', 3),
  /** Checkouts while processes are killed. */
  orders: read('FAULT_ORDERS', 60),
  /** Kills in that run. */
  kills: read('FAULT_KILLS', 6),
  /** Of the six places where a worker dies, how many are tried. */
  failPoints: read('FAULT_FAILPOINTS', 2),
  /** Where the random numbers begin. */
  seed: read('FAULT_SEED', 42),
} as const;

function read(name: string, otherwise: number): number {
  const value = Number(process.env[name] || otherwise);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number above 0`);
  return value;
}
