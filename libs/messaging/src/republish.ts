import type { ConfirmChannel, Message } from 'amqplib';
import { typeOf } from './delivery-headers.ts';

/** Where a copy goes, and what of it is not the original's. */
export interface Copy {
  readonly exchange: string;
  readonly key: string;
  readonly headers: Record<string, unknown>;
  readonly content?: Buffer;
  readonly type?: string;
}

// A broker that blocks publishers (disk alarm) must hold up neither the acks of a consumer's channel nor an operator for ever.
const republishTimeoutMs = 5_000;

/** Sends a copy on and waits until the broker has it; only then may the original be acked. */
export async function republish(channel: ConfirmChannel, message: Message, { exchange, key, headers, content = message.content, type = typeOf(message) }: Copy): Promise<void> {
  const { properties } = message;
  const options = {
    persistent: true,
    mandatory: true,
    messageId: properties.messageId as string | undefined,
    type,
    appId: properties.appId as string | undefined,
    contentType: properties.contentType as string | undefined,
    timestamp: properties.timestamp as number | undefined,
    correlationId: properties.correlationId as string | undefined,
    headers,
  };
  // An exchange confirms what it has no queue for: only a return tells that the copy went nowhere.
  let isReturned = false;
  const onReturn = (back: Message): void => {
    if (back.fields.routingKey === key && back.properties.messageId === options.messageId) isReturned = true;
  };
  const confirmed = Promise.withResolvers<void>();
  const timer = setTimeout(() => confirmed.reject(new Error(`the broker did not confirm a message to ${key} within ${republishTimeoutMs} ms`)), republishTimeoutMs);
  channel.on('return', onReturn);
  try {
    channel.publish(exchange, key, content, options, (error: Error | null) => (error ? confirmed.reject(error) : confirmed.resolve()));
    await confirmed.promise;
    if (isReturned) throw new Error(`${key} is not there: restart its service or run its migration, then try again`);
  } finally {
    clearTimeout(timer);
    channel.off('return', onReturn);
  }
}

/** Without the broker's own trail, which grows with each pass through a waiting room; our headers say the same. */
export function withoutTrail(headers: Record<string, unknown> | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !/^x-(death|first-death|last-death|delivery-count|acquired-count)/u.test(name)));
}

/** Answers for a message, unless its channel has closed meanwhile: that has given its unacked messages back already. */
export function settle(answer: () => void): void {
  try {
    answer();
  } catch {
    return;
  }
}
