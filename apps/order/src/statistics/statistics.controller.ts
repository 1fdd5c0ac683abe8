import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Roles } from '@shopfleet/identity';
import { AppError, currencies, money, type Currency } from '@shopfleet/kernel';
import { moneySchema } from '@shopfleet/contracts';
import { z } from 'zod';
import { SalesRollUp, type SalesRow } from './sales-roll-up.ts';
import { salesFields } from './sales.ts';

const day = z.iso.date();
const longestDays = 400;

const querySchema = z.strictObject({ from: day.optional(), to: day.optional(), currency: z.enum(currencies).optional() });

const sales = {
  orders: z.int().describe('paid orders'),
  pieces: z.int(),
  revenue: moneySchema.describe('totals of paid orders, before refunds'),
  refunded: moneySchema,
  discount: moneySchema,
  shipping: moneySchema,
  tax: moneySchema,
  cancelled: z.int().describe('paid, then called off'),
};
const statisticsSchema = z.strictObject({
  from: day,
  to: day,
  totals: z.array(z.strictObject({ currency: z.enum(currencies), average: moneySchema.describe('revenue per order'), ...sales })),
  days: z.array(z.strictObject({ day, currency: z.enum(currencies), ...sales })),
}).meta({ id: 'OrderStatistics' });

@ApiTags('orders')
@Controller('api/orders/stats')
export class StatisticsController {
  constructor(private readonly rollUp: SalesRollUp) {}

  @Get()
  @Roles('manager')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Sales by day (UTC) and currency; the last 30 days unless told; at most five seconds behind' })
  @ApiResponse({ status: 200, standardSchema: statisticsSchema })
  async read(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>): Promise<z.infer<typeof statisticsSchema>> {
    const to = query.to ?? new Date().toISOString().slice(0, 10);
    const from = query.from ?? new Date(Date.parse(to) - 29 * 86_400_000).toISOString().slice(0, 10);
    const length = (Date.parse(to) - Date.parse(from)) / 86_400_000;
    if (length < 0 || length > longestDays) {
      const message = `must not be after "to", and at most ${longestDays} days before it`;
      throw new AppError('validation-failed', { detail: `"from" ${message}.`, errors: [{ pointer: '/query/from', message }] });
    }
    const rows = (await this.rollUp.read(from, to)).map(parsed).filter(({ currency }) => query.currency === undefined || currency === query.currency);
    const used = currencies.filter((currency) => rows.some((row) => row.currency === currency));
    return {
      from,
      to,
      totals: used.map((currency) => {
        const sum = summed(rows.filter((row) => row.currency === currency).map(({ row }) => row));
        return { currency, average: money(sum.orders === 0 ? 0 : Math.round(sum.revenue / sum.orders), currency), ...presented(sum, currency) };
      }),
      days: rows.map(({ day: date, currency, row }) => ({ day: date, currency, ...presented(row, currency) })),
    };
  }
}

type Sums = Omit<SalesRow, '_id'>;

const parsed = (row: SalesRow): { day: string; currency: Currency; row: SalesRow } => {
  const [date = '', currency] = row._id.split(':');
  return { day: date, currency: currency as Currency, row };
};

const summed = (rows: readonly Sums[]): Sums =>
  Object.fromEntries(salesFields.map((field) => [field, rows.reduce((sum, row) => sum + row[field], 0)])) as unknown as Sums;

const presented = ({ orders, pieces, revenue, refunded, discount, shipping, tax, cancelled }: Sums, currency: Currency) => ({
  orders,
  pieces,
  revenue: money(revenue, currency),
  refunded: money(refunded, currency),
  discount: money(discount, currency),
  shipping: money(shipping, currency),
  tax: money(tax, currency),
  cancelled,
});
