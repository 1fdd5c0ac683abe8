/** Languages that the shop writes in. */
export const locales = ['en', 'de'] as const;
export type Locale = (typeof locales)[number];

/** The language for a BCP 47 tag such as `de-AT`; English where we do not speak it. */
export function localeOf(tag: string): Locale {
  const language = tag.toLowerCase().split('-', 1)[0];
  return locales.find((locale) => locale === language) ?? 'en';
}
