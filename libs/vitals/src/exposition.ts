/** One sample of Prometheus' text format. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/u;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/gu;

/** Reads Prometheus' text format: samples by metric name. Lines that are none are passed over. */
export function parseExposition(text: string): ReadonlyMap<string, readonly Series[]> {
  const found = new Map<string, Series[]>();
  for (const row of text.split('\n')) {
    if (row === '' || row.startsWith('#')) continue;
    const [, name, labels = '', value] = line.exec(row) ?? [];
    if (name === undefined) continue;
    const series: Series = { labels: Object.fromEntries([...labels.matchAll(label)].map(([, key = '', text = '']) => [key, text])), value: Number(value) };
    const list = found.get(name);
    if (list) list.push(series);
    else found.set(name, [series]);
  }
  return found;
}
