const entry = /^(?<region>[a-z][a-z0-9-]{0,19})=(?<factor>\d+(?:\.\d+)?)$/u;

/**
 * Factors by which limits of regions differ: `eu=1,far=0.5`. nginx names the region of an address by a map (its header
 * X-Region); a region that is not listed has the factor 1.
 *
 * @throws TypeError that names the part which is not understood
 */
export class RegionLimits {
  readonly #factors = new Map<string, number>();

  constructor(text: string) {
    for (const part of text.split(',').map((each) => each.trim()).filter((each) => each !== '')) {
      const { region, factor } = entry.exec(part)?.groups ?? {};
      if (region === undefined || !(Number(factor) > 0 && Number(factor) <= 1_000)) {
        throw new TypeError(`"${part}" is no limit of a region; write it like eu=1 or far=0.5`);
      }
      this.#factors.set(region, Number(factor));
    }
  }

  /** The limit in a region, never less than one. */
  scale(region: string | undefined, limit: number): number {
    const factor = region === undefined ? undefined : this.#factors.get(region);
    return factor === undefined ? limit : Math.max(1, Math.floor(limit * factor));
  }
}
