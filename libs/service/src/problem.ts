import { HttpException } from '@nestjs/common';
import { AppError, codeOfStatus } from '@shopfleet/kernel';
import { z } from 'zod';

/** Problem details (RFC 9457) as every service answers an error. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string().describe('stable; safe to compare'),
    requestId: z.string().describe('quote it when you ask for help'),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;

/** Turns whatever was thrown into an AppError; what is not known becomes `internal` and keeps its cause for the log. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status === undefined || status >= 500) {
    return new AppError('internal', { detail: 'An unexpected error happened. Try again; if it stays, quote the requestId.', cause: thrown });
  }
  return new AppError(codeOfStatus(status), { detail: thrown instanceof Error ? thrown.message : 'The request was refused.', cause: thrown });
}

// Nest throws HttpException; Fastify's own errors (bad JSON, body too large) carry statusCode.
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number') return thrown.statusCode;
  return undefined;
}

/** The problem document of an error, as answered to the request `instance` (its path). */
export function problemOf(error: AppError, instance: string, requestId: string): Problem {
  return {
    ...error.extensions,
    type: `/problems/${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.detail,
    instance,
    code: error.code,
    requestId,
    ...(error.errors && { errors: [...error.errors] }),
  };
}
