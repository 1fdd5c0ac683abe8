import { call, waitFor } from './shop.ts';

/** The OpenAPI document with the part of every service; one that did not answer at that moment is left out of it, and named. */
export function wholeDocument<T extends object>(): Promise<T> {
  return waitFor('the document of every service', async () => {
    const { status, body } = await call<T & { info: { description: string } }>('/api/openapi.json');
    return status === 200 && !body.info.description.includes('did not answer') ? body : undefined;
  });
}
