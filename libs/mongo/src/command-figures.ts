import { createRequire } from 'node:module';
import { Logger } from '@nestjs/common';
import { currentRequest } from '@shopfleet/kernel';
import { counter, histogram } from '@shopfleet/metrics';
import { startSpan } from '@shopfleet/tracing';
import type { Document } from 'mongodb';
import { shapeOf } from './command-shape.ts';

/** features.md, "Database" (S2). */
const slowMs = 100;
// What waits by design, and what only makes and keeps connections.
const unmeasured: ReadonlySet<string> = new Set(['hello', 'ismaster', 'saslStart', 'saslContinue', 'ping', 'getMore', 'endSessions']);

/** What is needed of the driver's own connection, which its public types leave out. */
interface DriverConnection {
  command(namespace: unknown, command: Document, options?: unknown, responseType?: unknown): Promise<unknown>;
}

const commands = histogram('shop_mongo_command_seconds', 'Commands as the driver sees them, from the pool to the answer', ['command', 'outcome']);
const slow = counter('shop_mongo_slow_commands_total', 'Commands of more than 100 ms', ['command', 'collection']);
const logger = new Logger('SlowQuery');

let measured = false;

/**
 * From here on each command of this process has its time in the figures and its span, and a line in the log if it was slow.
 *
 * The driver's own command events would do, but with them it unpacks every answer twice: once for whoever listens, once
 * for who asked (docs/adr/0024-commands-are-timed-at-the-connection.md).
 */
export function measureCommands(): void {
  if (measured) return;
  measured = true;
  const { Connection } = createRequire(import.meta.url)('mongodb/lib/cmap/connection.js') as { readonly Connection: { readonly prototype: DriverConnection } };
  const { command: send } = Connection.prototype;
  Connection.prototype.command = async function (namespace, command, options, responseType) {
    const name = Object.keys(command)[0] ?? '';
    if (unmeasured.has(name)) return send.call(this, namespace, command, options, responseType);
    const collection = typeof command[name] === 'string' ? command[name] : '';
    const span = startSpan(`mongodb ${name} ${collection}`.trimEnd(), { kind: 'client', attributes: { 'db.system.name': 'mongodb', 'db.operation.name': name, 'db.collection.name': collection } });
    const begun = performance.now();
    let outcome: Ended['outcome'] = 'failed';
    try {
      const answer = await send.call(this, namespace, command, options, responseType);
      outcome = 'done';
      return answer;
    } finally {
      span?.end(outcome === 'done' ? {} : { error: new Error('failed') });
      ended({ name, collection, command, outcome, ms: performance.now() - begun });
    }
  };
}

interface Ended {
  readonly name: string;
  readonly collection: string;
  readonly command: Document;
  readonly outcome: 'done' | 'failed';
  readonly ms: number;
}

function ended({ name, collection, command, outcome, ms }: Ended): void {
  commands.observe({ command: name, outcome }, ms / 1_000);
  if (ms <= slowMs) return;
  slow.inc({ command: name, collection });
  const request = currentRequest();
  logger.warn(`${name} on ${collection || 'the database'} took ${Math.round(ms)} ms: ${shapeOf(command)}${request ? ` (request ${request.requestId})` : ''}`);
}
