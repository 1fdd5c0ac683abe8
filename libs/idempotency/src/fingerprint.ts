import { createHash } from 'node:crypto';
import { AppError } from '@shopfleet/kernel';

// Deeper bodies mean nothing to any route of the shop, and would exhaust the stack here.
const deepest = 32;

/**
 * A digest of what was asked for: equal for bodies that differ only in the order of their members.
 * @throws AppError `validation-failed` for a body nested deeper than 32 levels
 */
export function fingerprintOf(path: string, body: unknown): string {
  return createHash('sha256').update(path).update('\n').update(canonical(body, 0)).digest('base64url');
}

function canonical(value: unknown, depth: number): string {
  if (depth > deepest) throw new AppError('validation-failed', { detail: `The body is nested deeper than ${deepest} levels; send a flatter one.` });
  if (Array.isArray(value)) return `[${value.map((entry) => canonical(entry, depth + 1)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, depth + 1)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
