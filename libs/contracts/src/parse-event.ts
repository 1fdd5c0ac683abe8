import type { z } from 'zod';
import { ContractError, describeIssues } from './contract-error.ts';
import { envelopeSchema, type EventOf } from './envelope.ts';
import { events } from './events.ts';

/** Any event of the shop; `event.type` tells which. */
export type AnyEvent = EventOf<(typeof events)[number]>;

const byType = new Map<string, z.ZodType>(events.map(({ type, schema }) => [type, schema]));

/**
 * Reads an envelope that came from outside by the schema of its type. A tolerant reader: fields that this version of
 * the contract does not know are dropped, so that a producer may add an optional field before its consumers know it.
 * Everything else is judged strictly.
 *
 * @throws ContractError with the violation and the names of the wrong fields (never their values).
 */
export function parseEvent(input: unknown): AnyEvent {
  const envelope = readTolerantly(envelopeSchema, input);
  if (!envelope.success) throw new ContractError('unreadable', `not an event: ${describeIssues(envelope.error)}`);
  const schema = byType.get(envelope.data.type);
  if (schema === undefined) {
    throw new ContractError('unknown-type', `no event ${envelope.data.type} is known here: deploy the contract that defines it, then redrive`);
  }
  const data = readTolerantly(schema, envelope.data.data);
  if (!data.success) {
    throw new ContractError('invalid-data', `${envelope.data.type} breaks its contract: ${describeIssues(data.error)}`);
  }
  return { ...envelope.data, data: data.data } as AnyEvent;
}

// A field without which the schema would be content is removed; removing one can uncover none other, for zod reports
// the unknown keys of every level at once, but beside other issues a level may report late: three rounds are plenty.
function readTolerantly<T>(schema: z.ZodType<T>, input: unknown): z.ZodSafeParseResult<T> {
  let result = schema.safeParse(input);
  let copy: unknown;
  for (let round = 0; round < 3 && !result.success; round += 1) {
    const unknownKeys = result.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
    if (unknownKeys.length === 0 || unknownKeys.length < result.error.issues.length) return result;
    copy ??= structuredClone(input);
    for (const issue of unknownKeys) removeKeys(copy, issue.path, issue.keys);
    result = schema.safeParse(copy);
  }
  return result;
}

function removeKeys(root: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  let target: unknown = root;
  for (const step of path) target = (target as Record<PropertyKey, unknown>)[step];
  for (const key of keys) delete (target as Record<string, unknown>)[key];
}
