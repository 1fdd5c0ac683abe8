// What k6 runs: visitors of the shop, drawn from a seed by the number of the visit, so that two runs ask for the same.
// Which of the functions below, how often and for how long stands in LOAD_PLAN; what there is to ask for in LOAD_DATA.
import exec from 'k6/execution';
import http from 'k6/http';

const { url, seed, slugs, skus, categories, carts, bearer, login, customers } = JSON.parse(open(__ENV.LOAD_DATA));
export const options = JSON.parse(open(__ENV.LOAD_PLAN));

const json = { 'content-type': 'application/json' };
const customer = { authorization: `Bearer ${bearer}` };
const shippingAddress = { name: 'Ada Example', line1: '1 Sample Street', city: 'Springfield', postalCode: '12345', country: 'DE' };

/** 0 ≤ x < 1, always the same for a visit and a purpose (mulberry32). */
function draw(purpose) {
  let a = (seed + Math.imul(exec.scenario.iterationInTest + 1, 0x9e3779b1) + Math.imul(purpose, 0x85ebca6b)) | 0;
  a = (a + 0x6d2b79f5) | 0;
  let t = Math.imul(a ^ (a >>> 15), 1 | a);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const pick = (list, purpose) => list[Math.floor(draw(purpose) * list.length)];
// By Zipf's law with exponent 1: the first is asked for most.
const popular = (list, purpose) => list[Math.floor(Math.pow(list.length + 1, draw(purpose))) - 1];
// Bodies are read and thrown away: looking into them is not what is measured.
const get = (name, path, headers = {}) => http.get(url + path, { headers, tags: { name }, responseType: 'none' });
const post = (name, path, body, headers = {}) => http.post(url + path, JSON.stringify(body), { headers: Object.assign({}, json, headers), tags: { name } });
const add = () => post('add', '/api/cart/items', { sku: pick(skus, 3), quantity: 1 });

/** The same page again and again: an answer of the edge. */
export function cached() {
  get('cached', '/api/products?limit=20');
}

/** A page of a category that nobody has asked for yet in this run. */
export function uncached() {
  let visit = exec.scenario.iterationInTest;
  const next = (count) => {
    const drawn = visit % count;
    visit = Math.floor(visit / count);
    return drawn;
  };
  const category = categories[next(categories.length)];
  get('uncached', `/api/products?category=${category}&page=${1 + next(5)}&sort=${['-createdAt', '-popularity', '-rating', 'createdAt'][next(4)]}&limit=${10 + next(40)}`);
}

/** The same of a range of prices that nearly everything lies in: the whole catalogue is counted each time. */
export function ranged() {
  const visit = exec.scenario.iterationInTest;
  get('ranged', `/api/products?limit=20&page=${1 + (visit % 100)}&minPrice=${1 + Math.floor(visit / 100)}&maxPrice=${90000000 + (Date.now() % 1000)}`);
}

/** What people do in a shop: most look, some fill a cart, few buy. */
export function visit() {
  const what = draw(1);
  if (what < 0.3) get('list', `/api/products?limit=20&page=${1 + Math.floor(draw(2) * 20)}`);
  else if (what < 0.64) get('product', `/api/products/${popular(slugs, 2)}`);
  else if (what < 0.72) get('search', `/api/products?q=${popular(slugs, 2).split('-')[0]}&limit=20`);
  else if (what < 0.84) get('cart', '/api/cart', { 'x-cart-token': pick(carts, 2) });
  else if (what < 0.92) add();
  else if (what < 0.95) get('me', '/api/auth/me', customer);
  else if (what < 0.97) get('orders', '/api/orders?limit=5', customer);
  else if (what < 0.985) get('notifications', '/api/notifications?limit=5', customer);
  else if (what < 0.99) post('login', '/api/auth/login', login);
  else buy();
}

function buy() {
  const cart = add();
  if (cart.status >= 300) return;
  const headers = { 'x-cart-token': cart.json('cartToken'), 'idempotency-key': `load-${seed}-${__ENV.LOAD_RUN}-${exec.scenario.name}-${exec.scenario.iterationInTest}`, prefer: 'wait=5' };
  post('order', '/api/orders', { payment: { token: 'tok_ok' }, shippingAddress, email: 'load@example.com' }, headers);
}

/** Login → list → create: the mixed flow of a returning customer, up to the order. Many at once on one account would be an attack. */
export function flow() {
  const answer = post('login', '/api/auth/login', { email: pick(customers, 4), password: login.password });
  if (answer.status !== 200) return;
  get('list', `/api/products?limit=20&page=${1 + Math.floor(draw(2) * 20)}`, { authorization: `Bearer ${answer.json('accessToken')}` });
  buy();
}

/** One cart, read by its worker each time: nothing of it is cached. */
export function cart() {
  get('cart', '/api/cart', { 'x-cart-token': pick(carts, 2) });
}
