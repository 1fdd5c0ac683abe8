import { z } from 'zod';
import { defineKind } from './kind.ts';

const words = {
  en: { title: 'A message was given up', body: (kind: string, channel: string, reason: string) => `${kind} by ${channel}: ${reason}` },
  de: { title: 'Eine Nachricht wurde aufgegeben', body: (kind: string, channel: string, reason: string) => `${kind} über ${channel}: ${reason}` },
};

/** For operations, in the list of every admin only: a mail about mails that fail would fail as well. */
export const deliveryFailed = defineKind({
  name: 'delivery-failed',
  forStaff: true,
  data: z.object({ kind: z.string(), channel: z.string(), reason: z.string() }),
  notice: ({ kind, channel, reason }, locale) => ({ title: words[locale].title, body: words[locale].body(kind, channel, reason) }),
});
