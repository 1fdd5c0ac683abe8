import { operatorEnvironment, readRunFile, type Instance } from '@shopfleet/local';
import { openBooks, type ShopBooks } from './shop-books.ts';

/** The books of a shop of this machine. @throws Error that says what to do when it was never started, or does not answer */
export async function booksOf(instance: Instance): Promise<ShopBooks> {
  const runFile = readRunFile(instance);
  if (!runFile) throw new Error(`The shop "${instance.name}" has never been started here: npm start, or name another by SHOPFLEET_INSTANCE.`);
  const uriOf = (app: string): string => operatorEnvironment(runFile, app)['MONGODB_URI'] ?? '';
  return openBooks({
    orderUri: uriOf('order-service'),
    productUri: uriOf('product-service'),
    otherUris: [uriOf('auth-service'), uriOf('notification-service')],
    paymentUrl: runFile.apps['order-service']?.['PAYMENT_URL'] ?? '',
  }).catch((error: unknown) => {
    throw new Error(`The shop "${instance.name}" does not answer (${error instanceof Error ? error.message : String(error)}): is it running? npm run status`, { cause: error });
  });
}
