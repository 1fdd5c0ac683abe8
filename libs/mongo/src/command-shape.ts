import type { Document } from 'mongodb';

const told = ['filter', 'query', 'q', 'pipeline', 'sort', 'projection', 'updates', 'deletes', 'hint', 'limit', 'skip'];
// What the driver keeps in an object of its own (DocumentSequence) until it writes it to the wire.
const sequences: ReadonlySet<string> = new Set(['updates', 'deletes']);
const mostDepth = 6;
const mostCharacters = 600;

/**
 * A command without its values, to be logged: `{"filter":{"email":"?"},"sort":{"createdAt":"?"}}`. Values are people's
 * data; the names of fields and operators are enough to find the query and the index that it wants.
 */
export function shapeOf(command: Document): string {
  const shape = Object.fromEntries(told.filter((name) => command[name] !== undefined).map((name) => [name, withoutValues(sequences.has(name) ? listOf(command[name]) : command[name], 0)]));
  return JSON.stringify(shape).slice(0, mostCharacters);
}

function listOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'documents' in value && Array.isArray(value.documents) ? value.documents : value;
}

function withoutValues(value: unknown, depth: number): unknown {
  if (depth > mostDepth) return '…';
  // The first element tells the shape of a list; `$in` may have thousands.
  if (Array.isArray(value)) return value.slice(0, depth === 0 ? 10 : 2).map((item) => withoutValues(item, depth + 1));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return '?';
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutValues(inner, depth + 1)]));
}
