export { addMoney, currencies, formatMoney, minorDigits, money, multiplyMoney, subtractMoney, sumMoney, type Currency, type Money } from './money.ts';
export { AppError, codeOfStatus, errorCodes, type AppErrorOptions, type ErrorCode, type FieldError } from './app-error.ts';
export { CallerSource, type Caller } from './caller.ts';
export { decodeCursor, encodeCursor, type CursorValues } from './cursor.ts';
export { newId } from './id.ts';
export { pageOf, type Page } from './page.ts';
export type { DependencyCheck, Drainable } from './ports.ts';
export { currentRequest, requestContext, type RequestContext } from './request-context.ts';
export { secretEquals } from './secret-equals.ts';
