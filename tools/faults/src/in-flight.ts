/** Requests that have been sent and not been answered. */
export class InFlight {
  count = 0;

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.count += 1;
    try {
      return await work();
    } finally {
      this.count -= 1;
    }
  }
}
