import type { ExecutionContext } from '@nestjs/common';
import { expect, it } from 'vitest';
import { InternalGuard } from './internal.guard.ts';

const guard = new InternalGuard('a-token-of-the-tests');
const withHeaders = (headers: Record<string, string | undefined>): ExecutionContext => ({ switchToHttp: () => ({ getRequest: () => ({ headers }) }) }) as unknown as ExecutionContext;

it.each([{ 'x-internal-token': 'a-token-of-the-tests' }, { authorization: 'Bearer a-token-of-the-tests' }])('lets %o through', (headers) => {
  expect(guard.canActivate(withHeaders(headers))).toBe(true);
});

it.each([{}, { 'x-internal-token': 'another' }, { authorization: 'Bearer another' }, { authorization: 'Basic a-token-of-the-tests' }, { authorization: 'a-token-of-the-tests' }])('knows nothing for %o', (headers) => {
  expect(() => guard.canActivate(withHeaders(headers))).toThrow('There is nothing here.');
});
