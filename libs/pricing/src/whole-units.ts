/**
 * `amount × numerator ÷ denominator` in whole minor units, half a unit rounded up (docs/adr/0007): exact for any safe
 * integers, because it is calculated in whole numbers throughout.
 *
 * @throws RangeError for a negative amount or numerator: every rounding of the shop is of an amount that is there
 * @example share(1_999, 19, 119) // 319: the 19 % that are contained in 19.99
 */
export function share(amount: number, numerator: number, denominator: number): number {
  if (amount < 0 || numerator < 0 || denominator <= 0) throw new RangeError(`there is no share of ${amount} × ${numerator} ÷ ${denominator}`);
  const [a, n, d] = [BigInt(amount), BigInt(numerator), BigInt(denominator)];
  return Number((2n * a * n + d) / (2n * d));
}

/**
 * Splits an amount in proportion to weights without losing or inventing a unit: everybody gets the whole part of their
 * share, and what is left goes, a unit each, to the largest remainders (to the earlier one where they are equal).
 *
 * No part is more than its weight as long as `amount` is not more than all weights together.
 *
 * @throws RangeError when there is an amount but nothing to split it over, or a number is negative
 * @example allocate(100, [1, 1, 1]) // [34, 33, 33]
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  if (amount < 0 || weights.some((weight) => weight < 0)) throw new RangeError('only what is not negative can be allocated');
  if (amount === 0) return weights.map(() => 0);
  const all = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (all === 0n) throw new RangeError(`there is nothing to allocate ${amount} to`);
  const parts = weights.map((weight, index) => {
    const product = BigInt(amount) * BigInt(weight);
    return { index, whole: Number(product / all), remainder: product % all };
  });
  let left = amount - parts.reduce((sum, { whole }) => sum + whole, 0);
  const result = parts.map(({ whole }) => whole);
  for (const { index } of parts.toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))) {
    if (left === 0) break;
    result[index] = (result[index] ?? 0) + 1;
    left -= 1;
  }
  return result;
}
