/** A server that a service needs; readiness asks each one. */
export interface DependencyCheck {
  readonly name: string;
  /** Without a critical dependency the service answers 503 on /ready; others are only reported. Default: true. */
  readonly critical?: boolean;
  /** Resolves when the dependency answers; rejects (in at most a few seconds) when it does not. */
  check(): Promise<void>;
}

/** Something that works in the background and finishes what it has begun before the process exits. */
export interface Drainable {
  /** Takes no new work and resolves when the work in hand is done. */
  drain(): Promise<void>;
  /** True: drains after the others, since it carries on what they leave behind. */
  readonly drainsLast?: boolean;
}
