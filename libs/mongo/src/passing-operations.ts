import { PassingSet } from '@shopfleet/kernel';
import type { MongoClient } from 'mongodb';

/** Where the driver keeps what it has to end when it is closed; its public types leave it out. */
interface ClientState {
  readonly s: Record<'activeSessions' | 'activeCursors', Iterable<object>>;
}

/**
 * Lets sessions and cursors that have ended go. Each operation has a session and each read a cursor; the driver's sets of them
 * let V8 take a part for alive until it marks the whole heap: 9 KB of a read of one order (docs/adr/0026-sets-through-which-much-passes.md).
 */
export function letOperationsPass(client: MongoClient): void {
  const { s: state } = client as unknown as ClientState;
  for (const name of ['activeSessions', 'activeCursors'] as const) {
    if (!(state[name] instanceof Set)) throw new Error(`the client of MongoDB's driver has no set of ${name} any more: see libs/mongo/src/passing-operations.ts`);
    state[name] = new PassingSet(state[name]);
  }
}
