import type { Row } from '@shopfleet/bench';
import type { LoadShop } from './load-shop.ts';
import type { Chart } from './report.ts';

export interface Outcome {
  readonly rows: readonly Row[];
  readonly charts: readonly Chart[];
}

export interface LoadOptions {
  /** Length of one phase. */
  readonly seconds: number;
}

/** One row of "Load": how the shop is asked, and what is promised of the answers. */
export interface Scenario {
  /** For the help, in half a line. */
  readonly about: string;
  readonly run: (shop: LoadShop, options: LoadOptions) => Promise<Outcome>;
}
