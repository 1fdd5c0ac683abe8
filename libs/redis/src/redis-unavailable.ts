import { AppError } from '@shopfleet/kernel';

const RETRY_AFTER_SECONDS = 1;

/** Error replies that speak of the server's state, not of the command: worth another try a little later. */
const SERVER_STATES = ['READONLY', 'LOADING', 'MISCONF', 'OOM', 'MASTERDOWN', 'CLUSTERDOWN', 'BUSY', 'TRYAGAIN'];

/** Says whether Redis could not serve (away, slow, loading, disk full), as against a wrong command. */
export function isRedisUnavailable(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.name === 'ReplyError') return SERVER_STATES.some((state) => error.message.startsWith(state));
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    error.name === 'AbortError' ||
    'syscall' in error ||
    error.message === 'Command timed out' ||
    error.message === 'Connection is closed.' ||
    error.message.startsWith("Stream isn't writeable") ||
    error.message.startsWith('Socket timeout')
  );
}

/**
 * Turns the failure of a server that cannot serve into a 503 that says when to come back; any other error is returned
 * unchanged.
 *
 * @example await client.get(key).catch((error) => { throw asUnavailable(error); });
 */
export function asUnavailable(error: unknown): unknown {
  if (!isRedisUnavailable(error)) return error;
  return new AppError('dependency-unavailable', {
    detail: 'The data store does not answer at the moment. Nothing is lost; please try again in a second.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause: error,
  });
}
