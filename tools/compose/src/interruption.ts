const interruption = new AbortController();

/** Aborted by the first SIGINT or SIGTERM: what runs ends, and what was begun is undone. A second one ends all at once. */
export const interrupted: AbortSignal = interruption.signal;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stdout.write('  · interrupted; removing what was begun\n');
    interruption.abort(new Error('interrupted'));
  });
}
