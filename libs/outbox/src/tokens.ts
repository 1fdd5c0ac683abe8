/** Token of the {@link OutboxSource} that the relay reads. */
export const outboxSource = Symbol('outbox source');

/** Token of the {@link LeaderLease} of the relay. */
export const leaderLease = Symbol('leader lease');

/** Token of the {@link OutboxBell}, where there is one. */
export const outboxBell = Symbol('outbox bell');

/** Token of the {@link RelayOptions}. */
export const relayOptions = Symbol('relay options');
