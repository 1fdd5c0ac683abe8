import type { Kind } from '../mail/kinds/kind.ts';
import type { Channel } from './channels.ts';
import type { Choices } from './preferences.repository.ts';

/** Which channels a kind can use at all. */
export function channelsOf(kind: Kind): readonly Channel[] {
  return [...(kind.notice === undefined ? [] : (['inbox'] as const)), ...(kind.mail === undefined ? [] : (['email'] as const)), ...(kind.notice === undefined ? [] : (['push'] as const))];
}

/** Whether a person is to be told of a kind by a channel: as they chose, else by default; what secures an account always. */
export function isWanted(kind: Kind, channel: Channel, choices: Choices): boolean {
  if (!channelsOf(kind).includes(channel)) return false;
  if (kind.mandatory === true && channel !== 'push') return true;
  return choices[kind.name]?.[channel] ?? kind.byDefault?.[channel] ?? true;
}
