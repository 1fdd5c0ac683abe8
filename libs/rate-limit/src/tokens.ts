/** Injection token of the `LimitStore`: a symbol, because two implementations exist. */
export const LIMIT_STORE = Symbol('LIMIT_STORE');
