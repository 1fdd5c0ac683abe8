/** Seconds; source: api.md, "Order states". */
const defaultWait = 2;
const longestWait = 10;

/** How many seconds to wait for the outcome, by the header `Prefer: wait=N` (RFC 7240). */
export const waitOf = (prefer: string | undefined): number => {
  const wait = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/u.exec(prefer ?? '')?.[1];
  return wait === undefined ? defaultWait : Math.min(Number(wait), longestWait);
};
