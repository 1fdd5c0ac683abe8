import { setTimeout as pause } from 'node:timers/promises';
import type { RunningShop } from './running-shop.ts';

/** Pieces that the shop has acknowledged, by the tokens of their carts. */
export type KeptCarts = ReadonlyMap<string, number>;

/** Fills one cart after the other, three lines each, for as long as it is told to; answers that fail count for nothing. */
export async function fillCarts(shop: Pick<RunningShop, 'ask'>, sku: string, goesOn: () => boolean): Promise<KeptCarts> {
  const acknowledged = new Map<string, number>();
  while (goesOn()) {
    let token: string | undefined;
    for (let pieces = 1; pieces <= 3; ) {
      const headers: Record<string, string> = token === undefined ? {} : { 'x-cart-token': token };
      const answer = await shop.ask<{ cartToken?: string }>('/api/cart/items', { method: 'POST', headers, body: { sku, quantity: 1 } }).catch(() => undefined);
      token = answer?.body.cartToken ?? token;
      await pause(20);
      if (!answer || answer.status >= 300 || token === undefined) break;
      acknowledged.set(token, pieces);
      pieces += 1;
    }
  }
  return acknowledged;
}

/** How many of them the shop does not know any more. */
export async function lostPieces(shop: Pick<RunningShop, 'ask'>, carts: KeptCarts): Promise<number> {
  let lost = 0;
  for (const [token, pieces] of carts) {
    const lines = await linesOf(shop, token);
    lost += Math.max(0, pieces - lines.reduce((sum, { quantity }) => sum + quantity, 0));
  }
  return lost;
}

// A shop that has just come back may refuse for a moment; that is no loss.
async function linesOf(shop: Pick<RunningShop, 'ask'>, token: string, tries = 20): Promise<readonly { readonly quantity: number }[]> {
  const answer = await shop.ask<{ lines?: readonly { quantity: number }[] }>('/api/cart', { headers: { 'x-cart-token': token } }).catch(() => undefined);
  if (answer?.status === 200) return answer.body.lines ?? [];
  if (tries <= 1) throw new Error(`a cart cannot be read: ${answer === undefined ? 'no answer' : `status ${answer.status}`}`);
  await pause(500);
  return linesOf(shop, token, tries - 1);
}
