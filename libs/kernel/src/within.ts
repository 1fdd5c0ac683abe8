/**
 * Waits for work, but no longer than `ms`. The work itself goes on; what becomes of it later concerns nobody.
 *
 * @throws the error that `late` makes once the time is up; what `work` throws
 * @example await within(2_000, queue.close(), () => new Error('the queue did not close within 2 s'));
 */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
