export { Crowd, type Asking, type CrowdSize, type Doing, type Figures, type Wish } from './crowd.ts';
export { Guest, type Placed } from './guest.ts';
export { fillCarts, lostPieces, type KeptCarts } from './kept-carts.ts';
export { openShop, shopAt, type Answer, type Asked, type RunningShop } from './running-shop.ts';
export { pick, seeded, shuffled } from './random.ts';
