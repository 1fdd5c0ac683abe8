/** One service and the ports that its workers may listen on. */
export interface Target {
  readonly service: string;
  readonly host: string;
  readonly port: number;
  /** Worker n listens on port + n. */
  readonly slots: number;
}

/** `product=127.0.0.1:5100+20,cart=127.0.0.1:5200+20`: a service, its first port and how many slots there are. @throws TypeError naming what is no target */
export function parseTargets(text: string): Target[] {
  return text.split(',').map((part) => part.trim()).filter((part) => part !== '').map((part) => {
    const match = /^([a-z][a-z-]*)=([^:+=\s]+):(\d+)\+(\d+)$/u.exec(part);
    const [, service, host, port, slots] = match ?? [];
    if (service === undefined || host === undefined) throw new TypeError(`"${part}" is no target; write it like cart=127.0.0.1:5200+20`);
    return { service, host, port: Number(port), slots: Number(slots) };
  });
}

/** The text that `parseTargets` reads. */
export function targetsText(targets: readonly Target[]): string {
  return targets.map(({ service, host, port, slots }) => `${service}=${host}:${port}+${slots}`).join(',');
}
