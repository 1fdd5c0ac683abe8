/** A line of the result. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** The promise this figure belongs to, where there is one. */
  readonly promised?: string;
  readonly ok?: boolean;
}

/** Prints the rows in columns; those below their promise are marked. */
export function printTable(rows: readonly Row[]): void {
  const width = (column: (row: Row) => string): number => Math.max(...rows.map((row) => column(row).length));
  const [what, measured] = [width((row) => row.what), width((row) => row.measured)];
  console.log('');
  for (const row of rows) {
    const verdict = row.promised === undefined ? '' : `  promised ${row.promised}${row.ok === false ? '  NOT MET' : ''}`;
    console.log(`${row.what.padEnd(what)}  ${row.measured.padStart(measured)}${verdict}`);
  }
}

/** The value that half of the others do not exceed; `fraction` 0.99 for the 99th percentile. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);
