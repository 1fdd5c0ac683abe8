import type { FastifyReply } from 'fastify';
import type { Cart } from './cart.ts';
import type { CartOwner } from './cart-owner.ts';
import { presentCart } from './cart.presenter.ts';
import type { CartView } from './cart.schema.ts';

/** The cart as an answer: its version is the ETag, and nobody keeps a copy of it. */
export function cartAnswer(reply: FastifyReply, cart: Cart, owner: CartOwner): CartView {
  void reply.header('etag', `"${cart.version}"`).header('cache-control', 'private, no-store');
  return presentCart(cart, owner);
}
