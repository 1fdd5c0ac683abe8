import { AppError } from '@shopfleet/kernel';
import type { Audience } from '../inbox/notification.schema.ts';

/** How far a reader has read in each of their audiences. */
export type StreamCursor = Map<Audience, number>;

/** What any cursor looks like: `me=12,employee=3`. */
export const cursorShape = /^[a-z-]+=\d{1,15}(,[a-z-]+=\d{1,15}){0,9}$/u;

/** As text, such as `me=12,employee=3`: the id of a server-sent event and the value of `since`. */
export function encodeStreamCursor(cursor: ReadonlyMap<Audience, number>, audiences: readonly Audience[]): string {
  return audiences.map((audience) => `${nameOf(audience)}=${cursor.get(audience) ?? 0}`).join(',');
}

/**
 * Reads it back; audiences that the reader does not have (any more) are left out.
 * @throws AppError validation-failed for a text that never was a cursor
 */
export function decodeStreamCursor(text: string, audiences: readonly Audience[]): StreamCursor {
  if (!cursorShape.test(text)) {
    throw new AppError('validation-failed', { detail: 'since (or Last-Event-ID) must be the cursor of a list or of an event you received, such as me=12; leave it out to begin now.' });
  }
  const given = new Map(text.split(',').map((part) => part.split('=') as [string, string]));
  return new Map(audiences.flatMap((audience): [Audience, number][] => {
    const seq = given.get(nameOf(audience));
    return seq === undefined ? [] : [[audience, Number(seq)]];
  }));
}

const nameOf = (audience: Audience): string => (audience.startsWith('user:') ? 'me' : audience.slice('role:'.length));
