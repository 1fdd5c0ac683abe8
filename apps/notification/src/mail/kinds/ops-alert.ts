import { z } from 'zod';
import { lines, paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    firing: (name: string) => `Alert: ${name}`,
    resolved: (name: string) => `Over: ${name}`,
    greeting: 'Hello,',
    none: 'The alert has no summary.',
    severity: 'Severity',
    since: 'Since',
  },
  de: {
    firing: (name: string) => `Alarm: ${name}`,
    resolved: (name: string) => `Vorbei: ${name}`,
    greeting: 'Guten Tag,',
    none: 'Der Alarm hat keine Beschreibung.',
    severity: 'Schwere',
    since: 'Seit',
  },
};

/** For operations: their mailbox, the list of every admin. */
export const opsAlert = defineKind({
  name: 'ops-alert',
  forStaff: true,
  data: z.object({ name: z.string(), status: z.enum(['firing', 'resolved']), severity: z.string(), summary: z.string(), since: z.string() }),
  mail: ({ name, status, severity, summary, since }, { locale }) => {
    const say = words[locale];
    return { subject: say[status](name), greeting: say.greeting, blocks: [paragraph(summary || say.none), lines([{ label: say.severity, value: severity }, { label: say.since, value: since }])] };
  },
  notice: ({ name, status, summary }, locale) => ({ title: words[locale][status](name), body: summary || words[locale].none }),
});
