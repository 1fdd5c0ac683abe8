import { readFileSync } from 'node:fs';
import { wholeDocument } from './whole-document.ts';

/** Names of the services under /internal. */
export const services = ['product', 'cart', 'order', 'auth', 'notification'] as const;

export type Rule = { readonly kind: 'public' | 'optional' | 'authenticated' | 'internal' } | { readonly kind: 'roles'; readonly roles: readonly string[] };

/** One operation of the shop and who may call it. */
export interface Operation {
  readonly method: string;
  /** With parameters as `{id}`. */
  readonly path: string;
  readonly rule: Rule;
}

export const nameOf = ({ method, path }: Pick<Operation, 'method' | 'path'>): string => `${method} ${path}`;

/** What the running workers registered with Nest, asked through the gateway's internal listener. */
export async function registeredOperations(): Promise<Operation[]> {
  const { apps } = runFile();
  const answers = await Promise.all(services.map(async (service) => {
    const { GATEWAY_URL = '', INTERNAL_TOKEN = '' } = apps[`${service}-service`] ?? {};
    const response = await fetch(`${GATEWAY_URL}/internal/${service}/access-rules`, { headers: { 'x-internal-token': INTERNAL_TOKEN } });
    if (!response.ok) throw new Error(`${service} does not show its routes: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { routes: Operation[] }).routes;
  }));
  return answers.flat().map(({ method, path, rule }) => ({ method, rule, path: path.replace(/:(\w+)/gu, '{$1}') }));
}

/** What the OpenAPI document of the whole shop says, beside the routes that every worker has without Nest (health). */
export async function documentedOperations(): Promise<Operation[]> {
  const document = await wholeDocument<{ paths: Record<string, Record<string, { 'x-access-rule'?: Rule }>> }>();
  const methods = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options']);
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { 'x-access-rule': rule }]) => {
      if (!methods.has(method)) return [];
      if (rule === undefined) throw new Error(`${method.toUpperCase()} ${path} is documented without x-access-rule`);
      return [{ method: method.toUpperCase(), path, rule }];
    }),
  );
}

/** The environment of every application of the shop under test, and the operator's addresses of MongoDB and RabbitMQ. */
export function runFile(): { readonly operator: Readonly<Record<string, string>>; readonly apps: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>; readonly logDir: string } {
  const file = process.env['SHOPFLEET_RUN_FILE'];
  if (!file) throw new Error('SHOPFLEET_RUN_FILE is not set: run the end-to-end tests by `npm test -- --only e2e`.');
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof runFile>;
}
