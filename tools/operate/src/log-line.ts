/** One line of any log of the shop: of a service (pino) or of nginx (JSON as well). */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string;
  readonly service: string;
  readonly level: string;
  readonly requestId: string;
  readonly text: string;
  /** As it was written. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Reads a line; undefined for what is no line of ours (a stack of Node before the logger was up). */
export function parseLogLine(line: string, file: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const text = (name: string): string => (typeof fields[name] === 'string' || typeof fields[name] === 'number' ? String(fields[name]) : '');
  const isGateway = file.includes('access.log');
  // nginx writes when it has answered; the line belongs where the request began.
  const at = isGateway && typeof fields['msec'] === 'number' ? new Date((fields['msec'] - Number(fields['seconds'])) * 1_000) : new Date(text('time'));
  if (Number.isNaN(at.getTime())) return undefined;
  const worker = text('worker');
  return {
    time: at.toISOString(),
    service: isGateway ? 'nginx' : worker === '' ? text('service') : `${text('service')}/${worker}`,
    level: isGateway ? gatewayLevel(Number(fields['status'])) : text('level') || 'info',
    requestId: text('requestId'),
    text: isGateway
      ? `${text('method')} ${text('path')} ${text('status')} in ${text('seconds')} s${text('upstream') === '' ? '' : ` by ${text('upstream')}`}${text('cache') === '' ? '' : ` (${text('cache')})`}`
      : messageOf(text, fields),
    fields,
  };
}

function messageOf(text: (name: string) => string, fields: Record<string, unknown>): string {
  if (fields['msg'] === 'request') return `${text('method')} ${text('path')} ${text('status')} in ${text('ms')} ms`;
  const context = text('context');
  return `${context === '' ? '' : `[${context}] `}${text('msg')}`;
}

const gatewayLevel = (status: number): string => (status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info');

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export const isLevel = (text: string): text is (typeof levels)[number] => levels.some((level) => level === text);

const rankOf = (text: string): number => levels.findIndex((level) => level === text);

export interface LogFilter {
  readonly request?: string | undefined;
  /** A trace id. */
  readonly trace?: string | undefined;
  readonly service?: string | undefined;
  /** This level and those above. */
  readonly level?: string | undefined;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly contains?: string | undefined;
}

export function isWanted(line: LogLine, { request, trace, service, level, since, contains }: LogFilter): boolean {
  if (request !== undefined && line.requestId !== request) return false;
  if (trace !== undefined && line.fields['trace'] !== trace) return false;
  if (service !== undefined && line.service.split('/', 1)[0] !== service.replace(/-service$/u, '')) return false;
  if (level !== undefined && rankOf(line.level) < rankOf(level)) return false;
  if (since !== undefined && Date.parse(line.time) < since) return false;
  return contains === undefined || line.text.toLowerCase().includes(contains.toLowerCase());
}

/** `5m`, `2h`, `1d` before now, or a point in time; as milliseconds since 1970. Undefined for neither. */
export function momentOf(text: string, now = Date.now()): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/u.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 's' | 'm' | 'h' | 'd'];
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : moment;
}

export function formatLine({ time, service, level, text, requestId }: LogLine, { withRequest }: { readonly withRequest: boolean }): string {
  return `${time.slice(0, 10)} ${time.slice(11, 23)} ${service.padEnd(16)} ${level.padEnd(5)} ${text}${withRequest && requestId !== '' ? `  ${requestId}` : ''}`;
}
