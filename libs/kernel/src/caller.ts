/** Who sends a request, as far as somebody needs to know who only counts. */
export interface Caller {
  readonly id: string;
  readonly roles: readonly string[];
}

/**
 * Tells who a request's token belongs to. The port lies here so that limits by role need not know how tokens are made;
 * `@shopfleet/identity` provides it.
 */
export abstract class CallerSource {
  /** @param authorization the header of that name; undefined for nobody in particular, which an invalid token is, too */
  abstract callerOf(authorization: string | undefined): Promise<Caller | undefined>;
}
