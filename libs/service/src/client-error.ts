import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, codeOfStatus } from '@shopfleet/kernel';
import { problemOf } from './problem.ts';

const statuses: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large. Send at most 8 kB each.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request came too slowly. Send it again.'],
};

/** Answers what Node's parser refuses before there is a request: on the bare connection, as problem details all the same. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] = statuses[error.code ?? ''] ?? [400, 'The request could not be read.'];
  const problem = { ...problemOf(new AppError(codeOfStatus(status), { detail }), '/', randomUUID()), status };
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${body}`,
  );
}
