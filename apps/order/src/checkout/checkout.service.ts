import { Injectable } from '@nestjs/common';
import type { Intent } from '@shopfleet/idempotency';
import type { CouponRow } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';
import { isDuplicateKey } from '@shopfleet/mongo';
import { CouponChangedMeanwhile } from '../coupons/coupon-uses.ts';
import { toCoupon } from '../coupons/coupon.document.ts';
import { CouponsRepository } from '../coupons/coupons.repository.ts';
import { unknownCoupon } from '../coupons/coupons.service.ts';
import { Turnstile } from '../coupons/turnstile.ts';
import { placeOrder, type Contact, type Decision, type Order, type PricedLine } from '../orders/domain/order.ts';
import { newOrderNumber } from '../orders/domain/order-number.ts';
import { isUndecided } from '../orders/domain/order-status.ts';
import { checkoutFailed } from '../orders/orders.errors.ts';
import { OrdersRepository } from '../orders/orders.repository.ts';
import type { PlaceOrderBody } from '../orders/orders.schema.ts';
import { PaymentsRepository } from '../payments/payments.repository.ts';
import { PriceBookRepository } from '../price-book/price-book.repository.ts';
import { CartClient, type ShopperCredentials, type ShoppersCart } from './cart.client.ts';
import { CheckoutSaga } from './checkout.saga.ts';
import { Outcomes, type Expectation } from './outcomes.ts';
import { PaymentRunner } from './payment-runner.ts';

export interface CheckoutRequest {
  readonly userId: string | undefined;
  readonly contact: Contact;
  readonly credentials: ShopperCredentials;
  readonly body: PlaceOrderBody;
  /** One intent of the shopper, one order. */
  readonly intent: Intent;
  readonly waitMs: number;
}

/** Takes an order and waits a while for what becomes of it. */
@Injectable()
export class CheckoutService {
  private readonly turnstile = new Turnstile();

  constructor(
    private readonly cart: CartClient,
    private readonly priceBook: PriceBookRepository,
    private readonly orders: OrdersRepository,
    private readonly saga: CheckoutSaga,
    private readonly runner: PaymentRunner,
    private readonly outcomes: Outcomes,
    private readonly payments: PaymentsRepository,
    private readonly coupons: CouponsRepository,
  ) {}

  /**
   * Resolves with the paid order, or with one that is still undecided after `waitMs`.
   * @throws AppError `out-of-stock`, `payment-declined`, `coupon-exhausted` or `conflict` when the checkout failed
   */
  async checkout(request: CheckoutRequest): Promise<Order> {
    const outcome = await this.placed(request).catch(async (error: unknown) => {
      const before = await this.takenUp(request);
      if (!before) throw error;
      return before;
    });
    const order = await outcome.within(request.waitMs);
    if (isUndecided(order.status) || hasBeenPaid(order)) return order;
    throw checkoutFailed(order);
  }

  /**
   * Pays an order whose payment was refused, by another means; resolves as `checkout` does.
   * @throws AppError `invalid-transition` unless the payment was refused
   */
  async payAgain(order: Order, token: string, by: string, intent: Intent, waitMs: number): Promise<Order> {
    const expectation = this.outcomes.expect(order.id);
    try {
      // The worker of the first try died: its payment goes on, and no second one is asked for.
      if (await this.payments.findByIntent(intent)) this.runner.resume(order.id);
      else this.runner.begin(await this.saga.payAgain(order, token, by, intent));
    } catch (error) {
      expectation.cancel();
      throw error;
    }
    const paid = await expectation.within(waitMs);
    if (isUndecided(paid.status) || hasBeenPaid(paid)) return paid;
    throw checkoutFailed(paid);
  }

  /**
   * The request came before, and what it did is not known under its key: its order goes on, and no second one is placed.
   * Looked for when placing has failed, by the order's unique index or by the cart that is empty since.
   */
  private async takenUp({ intent }: CheckoutRequest): Promise<Expectation | undefined> {
    const order = await this.orders.findByIntent(intent);
    if (!order) return undefined;
    const expectation = this.outcomes.expect(order.id);
    this.runner.resume(order.id);
    return expectation;
  }

  private async placed(request: CheckoutRequest): Promise<Expectation> {
    const cart = await this.cart.find(request.credentials);
    const lines = await this.priced(cart);
    // A number that is taken already is found by the index; forty bits make a third clash in a row unthinkable.
    for (let attempt = 1; ; attempt += 1) {
      const coupon = await this.couponOf(cart);
      // Takers of one scarce coupon go one after the other instead of undoing each other's transactions.
      const inTurn = <T>(work: () => Promise<T>): Promise<T> => (coupon?.usesInAll === undefined ? work() : this.turnstile.through(coupon._id, work));
      try {
        return await inTurn(() => this.place(request, cart, lines));
      } catch (error) {
        if (!mayPassNextTime(error) || attempt === 3) throw error;
      }
    }
  }

  private async place(request: CheckoutRequest, cart: ShoppersCart, lines: readonly PricedLine[]): Promise<Expectation> {
    const coupon = await this.couponOf(cart);
    const decision = this.decide(request, cart, lines, coupon);
    const expectation = this.outcomes.expect(decision.order.id, decision.order);
    try {
      await this.saga.place(decision, request.intent, coupon);
      return expectation;
    } catch (error) {
      expectation.cancel();
      throw error;
    }
  }

  private async couponOf({ couponCode }: ShoppersCart): Promise<CouponRow | undefined> {
    if (couponCode === undefined) return undefined;
    const coupon = await this.coupons.find(couponCode);
    if (coupon === null) throw unknownCoupon(couponCode);
    return coupon;
  }

  private decide({ userId, contact, body }: CheckoutRequest, cart: ShoppersCart, lines: readonly PricedLine[], coupon: CouponRow | undefined): Decision {
    return placeOrder({
      number: newOrderNumber(),
      userId,
      cart: { id: cart.id, version: cart.version },
      contact,
      shippingAddress: body.shippingAddress,
      paymentToken: body.payment.token,
      lines,
      coupon: coupon && toCoupon(coupon),
      shippingMethod: cart.shippingMethod,
      expectedTotal: body.expectedTotal,
      at: new Date(),
    });
  }

  private async priced(cart: ShoppersCart): Promise<PricedLine[]> {
    const entries = await this.priceBook.findBySkus(cart.lines.map(({ sku }) => sku));
    const gone = cart.lines.filter(({ sku }) => entries.get(sku)?.active !== true);
    if (gone.length > 0) {
      throw new AppError('conflict', {
        detail: `No longer sold: ${gone.map(({ sku }) => sku).join(', ')}. Take it out of the cart and order again.`,
        extensions: { skus: gone.map(({ sku }) => sku) },
      });
    }
    return cart.lines.flatMap(({ sku, quantity }) => {
      const entry = entries.get(sku);
      if (!entry) return [];
      const { productId, partnerId, name, variantName, price, taxClass, weightGrams } = entry;
      return [{ sku, productId, partnerId, name, variantName, price, taxClass, weightGrams, quantity }];
    });
  }
}

const hasBeenPaid = (order: Order): boolean => order.timeline.some(({ status }) => status === 'paid') && order.status !== 'cancelled';

// Another order has the number, the coupon's rules have changed, or the customer's first two uses of it met.
const mayPassNextTime = (error: unknown): boolean => isDuplicateKey(error, 'number') || isDuplicateKey(error, '_id_') || error instanceof CouponChangedMeanwhile;
