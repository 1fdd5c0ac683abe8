import { StandardSchemaValidationPipe } from '@nestjs/common';
import { AppError, type FieldError } from '@shopfleet/kernel';

type Issue = Parameters<NonNullable<NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory']>>[0][number];

/**
 * Parses every `@Body({ schema })`, `@Query({ schema })` and `@Param({ schema })`; a mismatch is `validation-failed`, and so
 * is a key that reaches for an object's prototype, however deep.
 */
export function validationPipe(): StandardSchemaValidationPipe {
  return new RefusingValidationPipe({ exceptionFactory: validationFailed });
}

const prototypeKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Nest drops prototype keys silently and goes on with the rest; somebody who sends one is told so instead. */
class RefusingValidationPipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(value: unknown): void {
    const pointer = pointerToPrototypeKey(value);
    if (pointer === undefined) return;
    const error = { pointer, message: 'is not known here' };
    throw new AppError('validation-failed', { detail: `Correct and send again: ${pointer.slice(1)}: ${error.message}.`, errors: [error] });
  }
}

interface Place {
  readonly value: unknown;
  readonly key: string;
  readonly parent: Place | undefined;
}

// A path of more steps than a person reads is shown by its end.
const mostNamed = 50;

// Put together for the one place that is named: a path for every place of a deep body would cost the square of its depth.
function pathTo(place: Place): string[] {
  const path: string[] = [];
  for (let at: Place = place; at.parent !== undefined; at = at.parent) path.push(at.key);
  return path.reverse();
}

// A stack of its own: a body may be nested deeper than functions can call each other. Only parsed JSON, queries and
// path parameters come here, so there are no cycles.
function pointerToPrototypeKey(value: unknown): string | undefined {
  const stack: Place[] = [{ value, key: '', parent: undefined }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next.value !== 'object' || next.value === null || ArrayBuffer.isView(next.value)) continue;
    const isList = Array.isArray(next.value);
    for (const [key, child] of Object.entries(next.value)) {
      if (!isList && prototypeKeys.has(key)) return pointerOf([...pathTo(next), key].slice(-mostNamed));
      if (typeof child === 'object' && child !== null) stack.push({ value: child, key, parent: next });
    }
  }
  return undefined;
}

function validationFailed(issues: readonly Issue[]): AppError {
  const errors = issues.slice(0, 20).flatMap(fieldErrors);
  const fields = errors.map(({ pointer, message }) => `${pointer === '' ? 'the whole' : pointer.slice(1)}: ${message}`);
  return new AppError('validation-failed', { detail: `Correct and send again: ${fields.join('; ')}.`, errors });
}

// zod reports all unknown keys of an object in one issue; a person wants each named where it stands.
function fieldErrors(issue: Issue): FieldError[] {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  const unknownKeys = 'keys' in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : undefined;
  if (unknownKeys) return unknownKeys.map((key) => ({ pointer: pointerOf([...path, key]), message: 'is not known here' }));
  return [{ pointer: pointerOf(path), message: issue.message }];
}

function pointerOf(path: readonly string[]): string {
  return path.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
