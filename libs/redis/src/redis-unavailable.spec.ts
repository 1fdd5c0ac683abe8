import { AppError } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { asUnavailable, isRedisUnavailable } from './redis-unavailable.ts';

function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

describe('isRedisUnavailable', () => {
  it.each(['READONLY You can’t write against a read only replica.', 'LOADING Redis is loading', 'MISCONF Errors writing to the AOF file', 'OOM command not allowed'])(
    'is true when the server cannot serve: %s',
    (message) => expect(isRedisUnavailable(replyError(message))).toBe(true),
  );

  it.each(['Command timed out', 'Connection is closed.', "Stream isn't writeable and enableOfflineQueue options is false"])('is true for a lost connection: %s', (message) =>
    expect(isRedisUnavailable(new Error(message))).toBe(true),
  );

  it.each(['ERR unknown command', 'WRONGTYPE Operation against a key', 'ERR Error running script'])('is false for a wrong command: %s', (message) =>
    expect(isRedisUnavailable(replyError(message))).toBe(false),
  );
});

describe('asUnavailable', () => {
  it('says when to come back', () => {
    expect(asUnavailable(new Error('Command timed out'))).toMatchObject({ code: 'dependency-unavailable', status: 503, retryAfterSeconds: 1 });
  });

  it('leaves other errors as they are', () => {
    const error = replyError('WRONGTYPE');
    expect(asUnavailable(error)).toBe(error);
    expect(asUnavailable(error)).not.toBeInstanceOf(AppError);
  });
});
