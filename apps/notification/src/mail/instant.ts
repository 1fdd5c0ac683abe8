import type { Locale } from './locale.ts';

/** An ISO instant as people write it. In UTC and saying so, for we do not know where the reader is. */
export function instant(iso: string, locale: Locale): string {
  const text = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(iso));
  return `${text} UTC`;
}
