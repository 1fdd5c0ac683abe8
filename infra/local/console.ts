/** What a person reads while the stack works: one line per step, colours only on a terminal. */
export interface Console {
  /** A step of `subject` begins or goes on. */
  step(subject: string, text: string): void;
  /** A step is done. */
  done(subject: string, text: string): void;
  warn(text: string): void;
  /** The one line that says what went wrong and what to do. */
  fail(text: string): void;
  print(text?: string): void;
}

const codes = { dim: 2, bold: 1, green: 32, yellow: 33, red: 31 } as const;

export type Paint = (style: keyof typeof codes, text: string) => string;

/** Colours where `stream` is a terminal and nobody asked for none (NO_COLOR). */
export function painter(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv = process.env): Paint {
  const coloured = stream.isTTY && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return (style, text) => (coloured ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
}

export function createConsole(out: NodeJS.WriteStream = process.stdout, err: NodeJS.WriteStream = process.stderr): Console {
  const paint = painter(out);
  const paintError = painter(err);
  const label = (subject: string) => subject.padEnd(13);
  return {
    step: (subject, text) => void out.write(`  ${paint('dim', '·')} ${label(subject)} ${paint('dim', text)}\n`),
    done: (subject, text) => void out.write(`  ${paint('green', '✓')} ${label(subject)} ${text}\n`),
    warn: (text) => void err.write(`  ${paintError('yellow', '!')} ${text}\n`),
    fail: (text) => void err.write(`${paintError('red', '✗')} ${text}\n`),
    print: (text = '') => void out.write(`${text}\n`),
  };
}

/** `1.4 s`, `35 s`, `2 min 5 s`. */
export function seconds(milliseconds: number): string {
  const total = milliseconds / 1000;
  if (total < 10) return `${total.toFixed(1)} s`;
  if (total < 60) return `${Math.round(total)} s`;
  return `${Math.floor(total / 60)} min ${Math.round(total % 60)} s`;
}
