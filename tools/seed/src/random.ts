/**
 * A seeded source of numbers: the same seed and the same key always give the same stream, so that product 4,711 can be
 * generated without generating the 4,710 before it (the bench profile is streamed).
 */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Normally distributed, mean 0, deviation 1. */
  normal(): number;
  /** A copy in random order. */
  shuffle<T>(list: readonly T[]): T[];
  /** `digits` random hexadecimal digits. */
  hex(digits: number): string;
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  return h >>> 0;
}

/** sfc32 over a hash of seed and key. */
export function randomOf(seed: number, key: string): Random {
  let a = hash(`${key}/a/${seed}`);
  let b = hash(`${key}/b/${seed}`);
  let c = hash(`${key}/c/${seed}`);
  let counter = 1;
  const word = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i += 1) word();
  const next = (): number => word() / 4294967296;
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick: <T>(list: readonly T[]): T => {
      const item = list[between(0, list.length - 1)];
      if (item === undefined) throw new Error('pick() needs a list with something in it');
      return item;
    },
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: <T>(list: readonly T[]): T[] => {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i -= 1) {
        const j = between(0, i);
        [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
      }
      return copy;
    },
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += word().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}

/** An id in the form of the kernel's `newId`: prefix and UUID v7 in hexadecimal, so that it sorts by `time`. */
export function seededId(prefix: string, time: Date, random: Random): string {
  const millis = time.getTime().toString(16).padStart(12, '0');
  const variant = (8 + random.between(0, 3)).toString(16);
  return `${prefix}_${millis}7${random.hex(3)}${variant}${random.hex(15)}`;
}

/**
 * A rank 0…count−1 by Zipf's law with exponent 1 (inverse of the continuous distribution): rank 0 is drawn most often.
 * The load scripts draw by the same function, so a hit rate measured by them means something.
 */
export function zipfRank(count: number, random: Random): number {
  return Math.min(count - 1, Math.floor(Math.exp(random.next() * Math.log(count + 1))) - 1);
}

function coprimeStep(count: number): number {
  const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
  let step = Math.max(1, Math.floor(count * 0.618));
  while (divisor(step, count) !== 1) step += 1;
  return step;
}

/** Which product has popularity rank `rank`: a fixed permutation, so that the popular ones are not the oldest ones. */
export function productAtRank(rank: number, count: number): number {
  return (rank * coprimeStep(count) + 7) % count;
}

/** Popularity rank of every product, the inverse of {@link productAtRank}. */
export function popularityRanks(count: number): Uint32Array {
  const ranks = new Uint32Array(count);
  const step = coprimeStep(count);
  for (let rank = 0; rank < count; rank += 1) ranks[(rank * step + 7) % count] = rank;
  return ranks;
}
