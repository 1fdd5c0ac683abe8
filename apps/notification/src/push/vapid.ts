/** Keys by which push services know the shop. */
export interface Vapid {
  /** `mailto:` or `https:`: where a push service reaches the operator. */
  readonly subject: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Token of {@link Vapid}, or of undefined where no keys are set. */
export const VAPID = Symbol('VAPID');
