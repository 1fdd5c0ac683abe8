import { beforeAll, describe, expect, it } from 'vitest';
import { documentedOperations, nameOf, registeredOperations, runFile, services, type Operation, type Rule } from '../src/access-rules.ts';
import { call, type Answer } from '../src/shop.ts';
import { expectStatus } from '../src/shopper.ts';

// The table of the shop once more, written out: who holds the role on the left may do what the roles on the right may.
const mayActAs: Readonly<Record<string, readonly string[]>> = {
  customer: ['customer'],
  employee: ['employee', 'customer'],
  manager: ['manager', 'employee', 'customer'],
  'partner-owner': ['partner-owner', 'customer'],
  admin: ['admin', 'manager', 'employee', 'partner-owner', 'customer'],
  'super-admin': ['super-admin', 'admin', 'manager', 'employee', 'partner-owner', 'customer'],
};
const accounts: Readonly<Record<string, string>> = {
  customer: 'customer@example.com', employee: 'employee@example.com', manager: 'manager@example.com',
  'partner-owner': 'partner@example.com', admin: 'admin@example.com', 'super-admin': 'superadmin@example.com',
};

// What needs neither a body nor a name: it would end the session that the rest of the matrix goes on with. Its test is that
// of the auth service; for who has not logged in it is part of the matrix.
const doneAtOnce = ['POST /api/auth/logout'];

// Pages for people and probes, and what operators' own pages and tools ask; everything else belongs into the document.
const undocumented = ['GET /api/openapi.json', 'GET /api/docs', 'GET /api/docs/{file}', 'GET /shop/health', 'GET /shop/ready', 'GET /ops', 'GET /ops/login.js', 'GET /ops/health', 'POST /ops/session'];
const isOpen = ({ path }: Operation): boolean => !path.startsWith('/internal/');

let registered: readonly Operation[];
let documented: readonly Operation[];
const tokens = new Map<string, string>();

beforeAll(async () => {
  [registered, documented] = await Promise.all([registeredOperations(), documentedOperations()]);
  for (const [role, email] of Object.entries(accounts)) {
    const login = expectStatus(await call<{ accessToken: string }>('/api/auth/login', { method: 'POST', body: { email, password: 'shopfleet-demo' } }), 200);
    tokens.set(role, login.body.accessToken);
  }
});

/** Turned away by the rule of the route, as against by what the route itself finds wrong. */
function turnedAway({ status, headers, body }: Answer): 401 | 403 | undefined {
  if (status === 401 && headers['www-authenticate'] !== undefined) return 401;
  if (status === 403 && String(body['detail']).startsWith('This needs the role')) return 403;
  return undefined;
}

function expected(rule: Rule, role: string | undefined): 401 | 403 | undefined {
  if (rule.kind === 'public' || rule.kind === 'optional') return undefined;
  if (role === undefined) return 401;
  if (rule.kind === 'roles' && !rule.roles.some((wanted) => mayActAs[role]?.includes(wanted))) return 403;
  return undefined;
}

// Nothing exists under these names, and no body is a valid one, so nothing is changed by whoever may call.
function attempt({ method, path }: Operation, role: string | undefined): Promise<Answer> {
  const token = role === undefined ? undefined : tokens.get(role);
  const address = path.replace(/\{\w+\}/gu, 'nothing-0');
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: { matrix: true } };
  return call(address, { method: method as 'GET', ...body, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
}

describe('the document of the whole shop', () => {
  it('has exactly the routes that Nest registered, with their rules', () => {
    const table = (operations: readonly Operation[]): Record<string, Rule> => Object.fromEntries(operations.map((operation) => [nameOf(operation), operation.rule]));
    const open = registered.filter((operation) => isOpen(operation) && !undocumented.includes(nameOf(operation)));
    expect(table(documented)).toEqual(table(open));
    expect(documented.length).toBeGreaterThan(35);
  });

  it('does not show what is for services only', () => {
    expect(registered.filter((operation) => !isOpen(operation)).length).toBeGreaterThan(2);
    expect(documented.filter(({ path }) => path.startsWith('/internal'))).toEqual([]);
  });
});

describe('every route × role', () => {
  it.each([undefined, ...Object.keys(accounts)])('answers %s as its rule says', async (role) => {
    const wrong: string[] = [];
    for (const operation of documented) {
      if (role !== undefined && doneAtOnce.includes(nameOf(operation))) continue;
      const answer = await attempt(operation, role);
      const [is, shouldBe] = [turnedAway(answer), expected(operation.rule, role)];
      if (is !== shouldBe || answer.status >= 500) wrong.push(`${nameOf(operation)}: ${answer.status} (${String(answer.body['detail'])}), by its rule ${shouldBe ?? 'let through'}`);
    }
    expect(wrong).toEqual([]);
  });

  it('turns a token of nobody away wherever a token is read', async () => {
    const wrong: string[] = [];
    for (const { method, path, rule } of documented) {
      if (rule.kind === 'public') continue;
      const answer = await call(path.replace(/\{\w+\}/gu, 'nothing-0'), { method: method as 'GET', headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' } });
      if (turnedAway(answer) !== 401) wrong.push(`${method} ${path}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('what is for services only', () => {
  it('cannot be reached from outside, not even with the token', async () => {
    for (const { path } of registered.filter((operation) => !isOpen(operation))) {
      for (const address of [path, path.replace('/internal/', '/internal/auth/'), `/api/..${path}`, `/%69nternal${path.slice(9)}`]) {
        const { status } = await call(address.replace(/\{\w+\}/gu, 'x'), { headers: { 'x-internal-token': 'guess' } });
        expect([address, status]).toEqual([address, 404]);
      }
    }
  });

  it('asks for the token also inside', async () => {
    const { GATEWAY_URL = '' } = runFile().apps['order-service'] ?? {};
    for (const { path } of registered.filter((operation) => !isOpen(operation))) {
      for (const headers of [{}, { 'x-internal-token': 'guess' }]) {
        const answers = await Promise.all(services.map((service) => fetch(`${GATEWAY_URL}/internal/${service}${path.slice(9).replace(/\{\w+\}/gu, 'x')}`, { headers })));
        expect([path, ...answers.map(({ status }) => status)]).toEqual([path, 404, 404, 404, 404, 404]);
      }
    }
  });

  it('has the rule of its path', () => {
    const misplaced = registered.filter(({ path, rule }) => rule.kind === 'internal' && !path.startsWith('/internal/'));
    expect(misplaced).toEqual([]);
  });
});
