import { statSync } from 'node:fs';
import type { FastifyRequest } from 'fastify';
import { pino, type Logger } from 'pino';
import type { AnswerObserver } from './answer-observer.ts';

const bufferLength = 64 * 1024;
const flushMs = 500;
const lookForRotationMs = 2_000;

/** Writes a line for each answered request. */
export interface AccessLog {
  readonly write: AnswerObserver;
  close(): void;
}

export interface AccessLogOptions {
  readonly service: string;
  readonly worker: number;
  /** The service's own log file; where absent, lines go the way of all others. */
  readonly file: string;
  readonly logger: Logger;
}

/**
 * The lines of requests go past standard output straight into the service's log file, many at once: under PM2 each line on
 * standard output is a message to its daemon, which costs more than answering from memory. The others stay where `pm2 logs`
 * shows them at once.
 */
export function openAccessLog({ service, worker, file, logger }: AccessLogOptions): AccessLog {
  if (file === '' || !logger.isLevelEnabled('info')) return { write: (request, status, ms) => logger.info({ method: request.method, path: pathOf(request), status, ms: Math.round(ms) }, 'request'), close: () => undefined };
  const out = pino.destination({ dest: file, append: true, mkdir: true, sync: false });
  const start = `{"level":"info","service":${JSON.stringify(service)},"worker":${worker},"pid":${process.pid},"time":"`;
  // Collected here and not by the destination, which measures all that it holds at each line.
  let pending = '';
  const timeNow = clock();
  const handOver = (): void => {
    if (pending !== '') out.write(pending);
    pending = '';
  };
  const flushing = setInterval(handOver, flushMs).unref();
  let inode = inodeOf(file);
  // Rotation moves the file away (infra/local/log-rotation.ts): go on in the new one.
  const looking = setInterval(() => {
    const now = inodeOf(file);
    if (now !== undefined && now === inode) return;
    out.reopen();
    inode = inodeOf(file);
  }, lookForRotationMs).unref();
  return {
    write: (request, status, ms) => {
      // An id holds nothing that JSON would escape (request-id.ts), a path whatever came.
      pending += `${start}${timeNow()}","requestId":"${request.id}","method":"${request.method}","path":${JSON.stringify(pathOf(request))},"status":${status},"ms":${Math.round(ms)},"msg":"request"}\n`;
      if (pending.length >= bufferLength) handOver();
    },
    close: () => {
      clearInterval(flushing);
      clearInterval(looking);
      handOver();
      flushNow(out);
      out.end();
    },
  };
}

// Without the query: mail tokens and searches do not belong in a log.
function pathOf({ url }: FastifyRequest): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** The time as text, made once for all lines of a millisecond. */
function clock(): () => string {
  let [at, text] = [0, ''];
  return () => {
    const now = Date.now();
    if (now !== at) [at, text] = [now, new Date(now).toISOString()];
    return text;
  };
}

// The process exits right after; a file that was never opened holds nothing to flush.
function flushNow(out: { flushSync(): void }): void {
  try {
    out.flushSync();
  } catch {
    return;
  }
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
