import { money, type Money } from '@shopfleet/kernel';
import { share } from './whole-units.ts';

/** Tax of one destination, rates in hundredths of a percent. */
export interface TaxRule {
  /** Whether the prices of the catalogue contain the tax, or it is added to them. */
  readonly prices: 'include-tax' | 'exclude-tax';
  readonly standard: number;
  /** Books, food and what else a country favours; the rate of the tax class `reduced`. */
  readonly reduced: number;
}

const included = (standard: number, reduced: number): TaxRule => ({ prices: 'include-tax', standard, reduced });
const added = (standard: number, reduced: number): TaxRule => ({ prices: 'exclude-tax', standard, reduced });

/**
 * The rules by destination (ISO 3166-1 alpha-2). A demonstration and no tax advice: one reduced rate per country, taken
 * from the countries' published tables in 2026. Where tax depends on the state or province it is left to the carrier.
 */
export const taxRules: Readonly<Record<string, TaxRule>> = {
  AT: included(2_000, 1_000), BE: included(2_100, 600), BG: included(2_000, 900), CY: included(1_900, 500), CZ: included(2_100, 1_200),
  DE: included(1_900, 700), DK: included(2_500, 2_500), EE: included(2_400, 900), ES: included(2_100, 1_000), FI: included(2_550, 1_350),
  FR: included(2_000, 550), GR: included(2_400, 1_300), HR: included(2_500, 1_300), HU: included(2_700, 1_800), IE: included(2_300, 1_350),
  IT: included(2_200, 1_000), LT: included(2_100, 1_200), LU: included(1_700, 800), LV: included(2_100, 1_200), MT: included(1_800, 700),
  NL: included(2_100, 900), PL: included(2_300, 800), PT: included(2_300, 600), RO: included(2_100, 1_100), SE: included(2_500, 1_200),
  SI: included(2_200, 950), SK: included(2_300, 1_900),
  GB: included(2_000, 500), CH: included(810, 260), NO: included(2_500, 1_500), JP: included(1_000, 800), AU: included(1_000, 0),
  CA: added(500, 500), SG: added(900, 900), NZ: included(1_500, 1_500),
};

/** Exports: nothing is charged here. */
const untaxed = included(0, 0);

/** The rule of a destination; where none is written down, no tax is charged. */
export function taxRuleOf(country: string): TaxRule {
  return taxRules[country] ?? untaxed;
}

/** The rate of a tax class, in hundredths of a percent; what is not `reduced` or `zero` is taxed at the standard rate. */
export function taxRateOf(rule: TaxRule, taxClass: string): number {
  if (taxClass === 'zero') return 0;
  return taxClass === 'reduced' ? rule.reduced : rule.standard;
}

/** The tax in (or on) an amount, half a unit rounded up. */
export function taxOf(amount: Money, rate: number, prices: TaxRule['prices']): Money {
  return money(share(amount.amount, rate, prices === 'include-tax' ? 10_000 + rate : 10_000), amount.currency);
}
