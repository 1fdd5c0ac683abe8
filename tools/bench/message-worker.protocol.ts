export const effectsCollection = 'effects';

/** What the benchmark tells a worker. */
export type Order = { readonly do: 'start' } | { readonly do: 'stop' } | { readonly do: 'expect'; readonly events: number };

/** What a worker answers. */
export type Report = { readonly said: 'ready' | 'stopped' } | { readonly said: 'done'; readonly effects: readonly (readonly [id: string, at: number])[] };

/** Milliseconds on the machine's clock, with fractions: the same in all processes. */
export const clock = (): number => performance.timeOrigin + performance.now();
