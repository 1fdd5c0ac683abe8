import { StandardSchemaValidationPipe } from '@nestjs/common';
import { AppError, type FieldError } from '@shopfleet/kernel';

type Issue = Parameters<NonNullable<NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory']>>[0][number];

/** Parses every `@Body({ schema })`, `@Query({ schema })` and `@Param({ schema })`; a mismatch is `validation-failed`. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({ exceptionFactory: validationFailed });
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
