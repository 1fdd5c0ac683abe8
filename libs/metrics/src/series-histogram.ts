type Labels = Readonly<Record<string, string>>;

/** What is counted under one set of labels. */
export class Series {
  sum = 0;
  /** For each bound what is not above it, but above the one before; at the end what is above them all. */
  readonly counts: number[];

  constructor(private readonly bounds: readonly number[]) {
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && seconds > (this.bounds[bucket] ?? 0)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += seconds;
  }
}

/**
 * A histogram that hands out its series, for who counts at every request and keeps them: prom-client's own checks and
 * sorts the labels at each observation, which costs more than the counting.
 */
export class SeriesHistogram {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #series = new Map<string, { readonly labels: Labels; readonly series: Series }>();

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly bounds: readonly number[],
  ) {}

  /** The series of these labels, the same whenever it is asked for. */
  series(labels: Labels): Series {
    const key = JSON.stringify(labels);
    const known = this.#series.get(key);
    if (known !== undefined) return known.series;
    const series = new Series(this.bounds);
    this.#series.set(key, { labels, series });
    return series;
  }

  /** In the form that prom-client's registry asks its metrics for. */
  async get(): Promise<object> {
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values: [...this.#series.values()].flatMap((one) => this.#samplesOf(one)) };
  }

  #samplesOf({ labels, series }: { readonly labels: Labels; readonly series: Series }): object[] {
    let below = 0;
    const buckets = series.counts.map((count, index) => ({ metricName: `${this.name}_bucket`, labels: { le: this.bounds[index] ?? '+Inf', ...labels }, value: (below += count) }));
    return [...buckets, { metricName: `${this.name}_sum`, labels, value: series.sum }, { metricName: `${this.name}_count`, labels, value: below }];
  }
}
