/**
 * Upper bounds in seconds for the time of a request, a message or a command. They hold the bounds that alerts ask for:
 * 0.2 (p95 of features.md, "Load"), 0.5 (S1) and 1 (S0).
 */
export const latencyBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5] as const;
