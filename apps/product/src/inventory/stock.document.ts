import type { StockLine } from '@shopfleet/contracts';

/** Collection `stock`: what is on the shelf and how much of it is promised. Available = onHand − reserved ≥ 0. */
export interface StockDocument {
  /** The SKU. */
  _id: string;
  productId: string;
  onHand: number;
  reserved: number;
  /** When the available pieces fall to this number, staff are told. */
  lowAt: number;
  version: number;
}

export type MovementKind = 'receipt' | 'correction' | 'hold' | 'release' | 'commit' | 'return';

/** Collection `stock_movements`: the ledger. Per SKU, Σ onHand is what is on hand and Σ reserved what is reserved. */
export interface MovementDocument {
  _id: string;
  sku: string;
  kind: MovementKind;
  onHand: number;
  reserved: number;
  orderId?: string;
  /** The request that asked for it, and what it asked for. */
  effectKey?: string;
  effectFingerprint?: string;
  /** The employee who did it. */
  userId?: string;
  reason?: string;
  at: Date;
}

/** Collection `holds`: what became of one order's claim on the stock. */
export interface HoldDocument {
  /** The order's id. */
  _id: string;
  state: 'held' | 'committed' | 'released' | 'rejected' | 'cancelled';
  /** The event that it answers; absent where the order was called off before it was placed here, and in holds of earlier versions. */
  askedBy?: string;
  lines: StockLine[];
  expiresAt: Date;
  createdAt: Date;
  endedAt?: Date;
  reason?: string;
}
