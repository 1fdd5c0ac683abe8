import { z } from 'zod';
import { lines, paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    firing: (name: string) => `Alert: ${name}`,
    stays: (name: string, level: number) => `Alert, level ${level}: ${name}`,
    resolved: (name: string) => `Over: ${name}`,
    greeting: 'Hello,',
    none: 'The alert has no summary.',
    severity: 'Severity',
    since: 'Since',
  },
  de: {
    firing: (name: string) => `Alarm: ${name}`,
    stays: (name: string, level: number) => `Alarm, Stufe ${level}: ${name}`,
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
  data: z.object({ name: z.string(), status: z.enum(['firing', 'resolved']), severity: z.string(), summary: z.string(), since: z.string(), level: z.number().int().min(1).max(3).default(1) }),
  mail: ({ name, status, severity, summary, since, level }, { locale }) => {
    const say = words[locale];
    return { subject: titleOf(name, status, level, locale), greeting: say.greeting, blocks: [paragraph(summary || say.none), lines([{ label: say.severity, value: severity }, { label: say.since, value: since }])] };
  },
  notice: ({ name, status, summary, level }, locale) => ({ title: titleOf(name, status, level, locale), body: summary || words[locale].none }),
});

function titleOf(name: string, status: 'firing' | 'resolved', level: number, locale: keyof typeof words): string {
  return status === 'firing' && level > 1 ? words[locale].stays(name, level) : words[locale][status](name);
}
