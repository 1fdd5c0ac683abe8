import { beforeAll, expect, it } from 'vitest';
import { call, type Answer } from '../src/shop.ts';
import { expectStatus, Shopper, variantsInStock } from '../src/shopper.ts';
import { wholeDocument } from '../src/whole-document.ts';
import { undocumentedKeys, type Schema, type Schemas } from '../src/undocumented-keys.ts';

interface Operation {
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>;
  readonly components: { readonly schemas: Schemas };
}

let document: Document;
const customer = new Shopper();
const manager = new Shopper();
const admin = new Shopper();

beforeAll(async () => {
  document = await wholeDocument<Document>();
  await customer.becomeCustomer();
  await manager.login('shopfleet-demo', 'manager@example.com');
  await admin.login('shopfleet-demo', 'superadmin@example.com');
  const [first, second] = await variantsInStock(2);
  await customer.addToCart(first?.sku ?? '');
  expectStatus(await customer.order('tok_ok'), 201);
  await customer.addToCart(second?.sku ?? '');
  expectStatus(await customer.post('/api/auth/me/addresses', { name: 'Ada', line1: '1 Sample Street', city: 'Springfield', postalCode: '12345', country: 'DE' }), 201);
});

function documented(method: 'get' | 'post', path: string, { status, body }: Answer): string[] {
  const content = document.paths[path]?.[method]?.responses?.[String(status)]?.content ?? {};
  const schema = (content['application/json'] ?? content['application/problem+json'])?.schema;
  if (schema === undefined) throw new Error(`${method.toUpperCase()} ${path} → ${status} is not in the document`);
  return undocumentedKeys(body, schema, document.components.schemas);
}

it.each([
  ['/api/products', undefined], ['/api/categories', undefined], ['/api/deals', undefined], ['/api/recommendations', undefined],
  ['/api/cart', customer], ['/api/cart/quote', customer], ['/api/orders', customer], ['/api/notifications', customer], ['/api/notifications/preferences', customer],
  ['/api/auth/me', customer], ['/api/auth/me/addresses', customer], ['/api/auth/me/sessions', customer], ['/api/auth/me/export', customer],
  ['/api/orders', manager], ['/api/coupons', manager], ['/api/auth/users', admin], ['/api/auth/audit', admin],
] as const)('GET %s says what its document names and nothing else', async (path, who) => {
  const answer = await (who === undefined ? call(path) : who.get(path));
  expectStatus(answer, 200);
  expect(Object.keys(answer.body).length).toBeGreaterThan(0);
  expect(documented('get', path, answer)).toEqual([]);
});

it('an order, a product and a login say what their documents name and nothing else', async () => {
  const { body: orders } = expectStatus(await customer.get<{ items: { id: string }[] }>('/api/orders'), 200);
  expect(documented('get', '/api/orders/{id}', expectStatus(await customer.get(`/api/orders/${orders.items[0]?.id ?? ''}`), 200))).toEqual([]);
  const { body: products } = expectStatus(await call<{ items: { slug: string }[] }>('/api/products?limit=1'), 200);
  const [product] = Object.keys(document.paths).filter((path) => /^\/api\/products\/\{\w+\}$/u.test(path));
  expect(documented('get', product ?? '', expectStatus(await call(`/api/products/${products.items[0]?.slug ?? ''}`), 200))).toEqual([]);
  const login = await call('/api/auth/login', { method: 'POST', body: { email: customer.email, password: 'correct-horse-battery' } });
  expect(documented('post', '/api/auth/login', expectStatus(login, 200))).toEqual([]);
});
