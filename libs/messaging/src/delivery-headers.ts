import type { Message } from 'amqplib';

/** Our headers on a message that failed; what operators see and redrive by. */
export const headerNames = {
  attempt: 'x-attempt',
  waits: 'x-waits',
  firstFailedAt: 'x-first-failed-at',
  lastError: 'x-last-error',
  deadReason: 'x-dead-reason',
  deadAt: 'x-dead-at',
  queue: 'x-failed-queue',
} as const;

export interface DeliveryState {
  readonly attempt: number;
  readonly waits: number;
  readonly firstFailedAt: number | undefined;
}

export function deliveryStateOf(message: Message): DeliveryState {
  const headers = message.properties.headers ?? {};
  return {
    attempt: wholeNumber(headers[headerNames.attempt]) ?? 1,
    waits: wholeNumber(headers[headerNames.waits]) ?? 0,
    firstFailedAt: wholeNumber(headers[headerNames.firstFailedAt]),
  };
}

/** The type of the event, which the routing key no longer tells after a retry. */
export function typeOf(message: Message): string {
  const type: unknown = message.properties.type;
  return typeof type === 'string' && type !== '' ? type : message.fields.routingKey;
}

/** Names and messages of the chain of causes, without stacks, cut to what a header should hold. */
export function describeFailure(error: unknown): string {
  const parts: string[] = [];
  for (let current = error, depth = 0; current !== undefined && current !== null && depth < 4; depth += 1) {
    parts.push(current instanceof Error ? `${current.name}: ${current.message}` : JSON.stringify(current) ?? String(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  return parts.join(' ← ').slice(0, 1_000);
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
