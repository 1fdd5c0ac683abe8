/** `waitingTime(42)` is `42 seconds`, `waitingTime(600)` is `10 minutes`: never shorter than the seconds given. */
export function waitingTime(seconds: number): string {
  if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
