import { broken, compared, type Finding } from './check.ts';
import type { ShopBooks } from './shop-books.ts';

interface Sum {
  readonly _id: string;
  readonly sum: number;
  readonly count: number;
}

const total = (amount: string) => ({ $group: { _id: '$amount.currency', sum: { $sum: amount }, count: { $sum: 1 } } });

/** Money: the shop's books against the provider's, orders against payments. */
export async function checkMoney({ order, provider }: ShopBooks): Promise<Finding[]> {
  const payments = order.collection('payments');
  const captured = await byCurrency(payments.aggregate<Sum>([{ $match: { status: { $in: ['captured', 'late'] } } }, total('$amount.amount')]).toArray());
  const refunded = await byCurrency(order.collection('refunds').aggregate<Sum>([{ $match: { status: 'done' } }, total('$amount.amount')]).toArray());
  const wasPaid = { $match: { 'timeline.status': 'paid' } };
  const orders = order.collection('orders');
  const sold = await byCurrency(
    orders.aggregate<Sum>([wasPaid, { $group: { _id: '$totals.total.currency', sum: { $sum: { $subtract: ['$totals.total.amount', { $ifNull: ['$refunded.amount', 0] }] } }, count: { $sum: 1 } } }]).toArray(),
  );
  const theirs = await provider.totals();
  const findings: Finding[] = [];
  const currencies = new Set([...captured.keys(), ...sold.keys(), ...Object.keys(theirs)]);
  for (const currency of [...currencies].sort()) {
    const kept = (captured.get(currency)?.sum ?? 0) - (refunded.get(currency)?.sum ?? 0);
    const { captured: taken = 0, refunded: returned = 0, payments: count = 0 } = theirs[currency] ?? {};
    findings.push(
      compared(`money ${currency}: captures − refunds = totals of paid orders net of refunds`, ['captures − refunds', kept], ['paid orders', sold.get(currency)?.sum ?? 0]),
      compared(`money ${currency}: captured at the provider = captured in the shop`, ['provider', taken], ['shop', captured.get(currency)?.sum ?? 0]),
      compared(`money ${currency}: payments at the provider = payments in the shop`, ['provider', count], ['shop', captured.get(currency)?.count ?? 0]),
      compared(`money ${currency}: refunded by the provider = refunded in the shop`, ['provider', returned], ['shop', refunded.get(currency)?.sum ?? 0]),
    );
  }
  return [...findings, await onePerOrder(order), await paidIsCaptured(order), await neverMoreBack(order), await refundsMatchOrders(order), await noDiscrepancies(order)];
}

const byCurrency = async (rows: Promise<Sum[]>): Promise<ReadonlyMap<string, Sum>> => new Map((await rows).map((row) => [row._id, row]));

type Database = ShopBooks['order'];
const ids = async (rows: Promise<{ _id: unknown }[]>): Promise<string[]> => (await rows).map(({ _id }) => String(_id));

async function onePerOrder(order: Database): Promise<Finding> {
  const twice = order.collection('payments').aggregate<{ _id: unknown }>([{ $match: { status: 'captured' } }, { $group: { _id: '$orderId', count: { $sum: 1 } } }, { $match: { count: { $gt: 1 } } }]);
  return broken('at most one capture per order', 'orders were charged more than once', await ids(twice.toArray()));
}

async function paidIsCaptured(order: Database): Promise<Finding> {
  const unpaid = order.collection('orders').aggregate<{ _id: unknown }>([
    { $match: { 'timeline.status': 'paid' } },
    { $lookup: { from: 'payments', localField: '_id', foreignField: 'orderId', as: 'payments', pipeline: [{ $match: { status: 'captured' } }] } },
    { $match: { $or: [{ payments: { $size: 0 } }, { $expr: { $ne: [{ $first: '$payments.amount.amount' }, '$totals.total.amount'] } }] } },
    { $project: { _id: 1 } },
  ]);
  return broken('a paid order has one capture of its total', 'paid orders without it', await ids(unpaid.toArray()));
}

async function neverMoreBack(order: Database): Promise<Finding> {
  const over = order.collection('payments').aggregate<{ _id: unknown }>([
    { $match: { status: { $in: ['captured', 'late'] } } },
    { $lookup: { from: 'refunds', localField: '_id', foreignField: 'paymentId', as: 'refunds', pipeline: [{ $match: { status: { $ne: 'refused' } } }] } },
    { $match: { $expr: { $or: [{ $gt: [{ $sum: '$refunds.amount.amount' }, '$amount.amount'] }, { $ne: [{ $sum: '$refunds.amount.amount' }, { $ifNull: ['$promised', 0] }] }] } } },
    { $project: { _id: 1 } },
  ]);
  return broken('refunds of a payment never exceed its capture, and are what it has promised', 'payments break it', await ids(over.toArray()));
}

/** A cancelled order keeps no money; an order's own figure is what went back of its captured payment. */
async function refundsMatchOrders(order: Database): Promise<Finding> {
  const wrong = order.collection('orders').aggregate<{ _id: unknown }>([
    { $match: { 'timeline.status': 'paid' } },
    { $lookup: { from: 'refunds', localField: '_id', foreignField: 'orderId', as: 'refunds', pipeline: [{ $match: { status: 'done', late: { $ne: true } } }] } },
    {
      $match: {
        $expr: {
          $or: [
            { $ne: [{ $sum: '$refunds.amount.amount' }, { $ifNull: ['$refunded.amount', 0] }] },
            { $and: [{ $eq: ['$status', 'cancelled'] }, { $ne: ['$refunded.amount', '$totals.total.amount'] }] },
          ],
        },
      },
    },
    { $project: { _id: 1 } },
  ]);
  return broken('an order says what went back of it, and one that was cancelled after payment keeps nothing', 'orders break it', await ids(wrong.toArray()));
}

async function noDiscrepancies(order: Database): Promise<Finding> {
  return broken('reconciliation has found nothing that it could not mend', 'discrepancies', await ids(order.collection('payment_discrepancies').find().toArray()));
}
