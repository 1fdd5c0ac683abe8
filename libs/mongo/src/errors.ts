import { AppError } from '@shopfleet/kernel';
import { MongoBulkWriteError, MongoError, MongoServerError } from 'mongodb';

// By name, not by class: mongoose wraps some of them, and a subclass of a minor version must not slip through.
const unavailable = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoServerClosedError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoOperationTimeoutError',
  'MongoClientClosedError',
]);

// What a server says while it steps down, shuts down or cannot reach a majority.
const unavailableCodes = new Set([6, 7, 64, 89, 91, 100, 189, 262, 9001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436]);

/** True for an error that says that the database cannot be reached or cannot accept the write just now. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (unavailable.has(error.name)) return true;
  // A bulk write wraps what went wrong with its connection.
  if (error instanceof MongoBulkWriteError && error.errorResponse instanceof Error) return isUnavailable(error.errorResponse);
  if (error.message.includes('initial connection is complete')) return true;
  return error instanceof MongoServerError && typeof error.code === 'number' && unavailableCodes.has(error.code);
}

/** The error as a client may see it: `dependency-unavailable` (503, retry after 1 s) for an unreachable server, others unchanged. */
export function translateMongoError(error: unknown): unknown {
  if (!isUnavailable(error)) return error;
  return new AppError('dependency-unavailable', {
    detail: 'The database does not answer just now. Nothing is lost: try again in a moment.',
    retryAfterSeconds: 1,
    cause: error,
  });
}

/**
 * True for a violation of a unique index; with `indexName` only of that one.
 *
 * @example if (isDuplicateKey(error, 'email_unique')) …
 */
export function isDuplicateKey(error: unknown, indexName?: string): boolean {
  if (!(error instanceof MongoError) || error.code !== 11_000) return false;
  return indexName === undefined || error.message.includes(` index: ${indexName} `);
}
