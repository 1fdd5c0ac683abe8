import { expect, it } from 'vitest';
import { isCountryCode } from './country.ts';

it.each(['DE', 'GB', 'US', 'ZW'])('knows %s', (code) => {
  expect(isCountryCode(code)).toBe(true);
});

it.each(['ZZ', 'EU', 'UK', 'AA', 'de', 'DEU', ''])('takes %j for no country', (code) => {
  expect(isCountryCode(code)).toBe(false);
});

it('knows as many as the standard assigns, each of which has a name', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const known = letters.flatMap((first) => letters.map((second) => first + second)).filter(isCountryCode);
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  expect(known).toHaveLength(249);
  expect(known.filter((code) => names.of(code) === undefined)).toEqual([]);
});
