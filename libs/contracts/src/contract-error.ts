import type { z } from 'zod';

/** `unreadable`: not an envelope at all; `unknown-type`: no such event here; `invalid-data`: against its schema. */
export type ContractViolation = 'unreadable' | 'unknown-type' | 'invalid-data';

/** An event that breaks its contract. Trying again cannot help: such a message belongs into the dead-letter queue. */
export class ContractError extends Error {
  readonly violation: ContractViolation;

  constructor(violation: ContractViolation, message: string) {
    super(message);
    this.name = 'ContractError';
    this.violation = violation;
  }
}

/** The issues in one line: `data.lines.0.quantity: Too small; …`, without the values (they may be personal). */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`).join('; ');
}
