import type { StockLine } from '@shopfleet/contracts';

/**
 * Lines of one order as the stock sees them: each SKU once, always in the same order, so that two orders for the same
 * SKUs never wait for each other crosswise.
 */
export function stockLinesOf(lines: readonly { readonly sku: string; readonly quantity: number }[]): StockLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}
