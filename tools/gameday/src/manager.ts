import { randomUUID } from 'node:crypto';
import type { Answer, Asked } from '@shopfleet/shoppers';
import type { Stage } from './stage.ts';

// A person of the demo data, as the README names them.
const account = { email: 'manager@example.com', password: 'shopfleet-demo' };

/** A product of one variant that was made for a game day. */
export interface Exhibit {
  readonly id: string;
  readonly slug: string;
  readonly sku: string;
}

/** Whoever enters products, by the shop's own routes. */
export class Manager {
  readonly #stage: Stage;
  readonly #token: string;

  private constructor(stage: Stage, token: string) {
    this.#stage = stage;
    this.#token = token;
  }

  /** @throws Error in a shop without the people of the demo data */
  static async login(stage: Stage): Promise<Manager> {
    const { status, body } = await stage.shop.ask('/api/auth/login', { method: 'POST', body: account });
    if (typeof body['accessToken'] !== 'string') throw new Error(`${account.email} cannot log in (${status}): this game day needs the people of a shop in development`);
    return new Manager(stage, body['accessToken']);
  }

  /** Enters a product and puts pieces of it on the shelf. */
  async show(pieces: number, cents: number): Promise<Exhibit> {
    const { body: list } = await this.#stage.shop.ask<{ items?: { id: string }[] }>('/api/categories');
    const categoryId = list.items?.[0]?.id;
    const sku = `GAMEDAY-${randomUUID().slice(0, 8).toUpperCase()}`;
    const entry = { name: `Game Day Lamp ${sku}`, brand: 'Gameday', categoryId, partnerId: 'par_gameday', variants: [{ sku, price: { amount: cents, currency: 'EUR' }, weightGrams: 500 }] };
    const { id, slug } = (await this.#ask('/api/products', { method: 'POST', body: entry })).body;
    await this.#ask(`/api/inventory/${sku}`, { method: 'PATCH', headers: { 'idempotency-key': randomUUID() }, body: { change: pieces, reason: 'for a game day' } });
    return { id: String(id), slug: String(slug), sku };
  }

  async reprice({ id, sku }: Exhibit, cents: number): Promise<void> {
    await this.#ask(`/api/products/${id}`, { method: 'PATCH', headers: { 'if-match': await this.#tagOf(id) }, body: { variants: [{ sku, price: { amount: cents, currency: 'EUR' } }] } });
  }

  /** Pieces on the shelf, and of them promised. */
  async stockOf({ sku }: Exhibit): Promise<{ onHand: number; reserved: number }> {
    const { body } = await this.#ask(`/api/inventory/${sku}`);
    return { onHand: Number(body['onHand']), reserved: Number(body['reserved']) };
  }

  async takeOut({ id }: Exhibit): Promise<void> {
    await this.#ask(`/api/products/${id}`, { method: 'DELETE', headers: { 'if-match': await this.#tagOf(id) } });
  }

  async #tagOf(id: string): Promise<string> {
    return (await this.#ask(`/api/products/${id}/record`)).etag ?? '';
  }

  async #ask(path: string, asked: Asked = {}): Promise<Answer> {
    const answer = await this.#stage.shop.ask(path, { ...asked, headers: { ...asked.headers, authorization: `Bearer ${this.#token}` } });
    if (answer.status >= 300) throw new Error(`${asked.method ?? 'GET'} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }
}
