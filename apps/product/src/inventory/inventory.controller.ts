import { Body, Controller, Get, Header, Param, Patch, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIntent, Idempotent, type Intent } from '@shopfleet/idempotency';
import { CurrentPrincipal, Roles, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { Limit } from '@shopfleet/rate-limit';
import { z } from 'zod';
import { availableOf, InventoryService } from './inventory.service.ts';
import type { StockDocument } from './stock.document.ts';
import { StockRepository } from './stock.repository.ts';

const skuParameter = z.strictObject({ sku: z.string().min(1).max(64) });
const adjustment = z.strictObject({
  change: z.int().min(-1_000_000).max(1_000_000).refine((change) => change !== 0, 'must not be 0').describe('pieces that came (+) or went (−)'),
  reason: z.string().trim().min(1).max(200).describe('why, for the ledger'),
  lowAt: z.int().min(0).max(1_000_000).optional().describe('tell staff when so few are available'),
});
const movementsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(100).optional().describe('`pagination.next` of the page before'),
});
const stockView = z.strictObject({ sku: z.string(), productId: z.string(), onHand: z.int(), reserved: z.int(), available: z.int(), lowAt: z.int(), version: z.int() });
const movementsView = z.strictObject({
  items: z.array(z.strictObject({
    id: z.string(), kind: z.enum(['receipt', 'correction', 'hold', 'release', 'commit', 'return']), onHand: z.int(), reserved: z.int(),
    orderId: z.string().optional(), userId: z.string().optional(), reason: z.string().optional(), at: z.iso.datetime(),
  })),
  pagination: z.strictObject({ limit: z.int(), next: z.string().nullable() }),
});

@ApiTags('inventory')
@Roles('employee')
@Controller('api/inventory')
export class InventoryController {
  constructor(
    private readonly inventory: InventoryService,
    private readonly stock: StockRepository,
    private readonly transactions: Transactions,
  ) {}

  @Get(':sku')
  @Header('cache-control', 'private, no-store')
  @ApiResponse({ status: 200, description: 'What is on the shelf.', standardSchema: stockView })
  async show(@Param({ schema: skuParameter }) { sku }: z.infer<typeof skuParameter>): Promise<z.infer<typeof stockView>> {
    return present((await this.stock.find(sku)) ?? unknownSku(sku));
  }

  /** A difference, not a new number: sales go on between reading and writing, so If-Match would only get in the way. Its key makes it repeatable. */
  @Limit('admin-write')
  @Patch(':sku')
  @Idempotent()
  @Header('cache-control', 'private, no-store')
  @ApiResponse({ status: 200, description: 'The stock as it is now.', standardSchema: stockView })
  async adjust(
    @Param({ schema: skuParameter }) { sku }: z.infer<typeof skuParameter>,
    @Body({ schema: adjustment }) { change, reason, lowAt }: z.infer<typeof adjustment>,
    @CurrentPrincipal() principal: Principal,
    @CurrentIntent() intent: Intent,
  ): Promise<z.infer<typeof stockView>> {
    const row = await this.transactions.run((session) => this.inventory.adjust(sku, { difference: change, reason, lowAt, userId: principal.userId, intent }, session));
    if (row) return present(row);
    const now = (await this.stock.find(sku)) ?? unknownSku(sku);
    throw new AppError('conflict', { detail: `Of ${sku} ${now.onHand} are on hand and ${now.reserved} promised to orders, so ${-change} cannot go.` });
  }

  @Get(':sku/movements')
  @Header('cache-control', 'private, no-store')
  @ApiResponse({ status: 200, description: 'The ledger, newest first.', standardSchema: movementsView })
  async movements(
    @Param({ schema: skuParameter }) { sku }: z.infer<typeof skuParameter>,
    @Query({ schema: movementsQuery }) { limit, cursor }: z.infer<typeof movementsQuery>,
  ): Promise<z.infer<typeof movementsView>> {
    if (!(await this.stock.find(sku))) unknownSku(sku);
    const found = await this.stock.findMovements(sku, limit, cursor);
    const items = found.map(({ _id, kind, onHand, reserved, orderId, userId, reason, at }) => ({
      id: _id, kind, onHand, reserved, ...(orderId !== undefined && { orderId }), ...(userId !== undefined && { userId }), ...(reason !== undefined && { reason }), at: at.toISOString(),
    }));
    return { items, pagination: { limit, next: items.length === limit ? (items.at(-1)?.id ?? null) : null } };
  }
}

function present(row: StockDocument): z.infer<typeof stockView> {
  const { _id, productId, onHand, reserved, lowAt, version } = row;
  return { sku: _id, productId, onHand, reserved, available: availableOf(row), lowAt, version };
}

function unknownSku(sku: string): never {
  throw new AppError('not-found', { detail: `There is no SKU ${sku}.` });
}
