import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, throwError, type Observable } from 'rxjs';
import { translateMongoError } from './errors.ts';

/** Answers 503 with Retry-After instead of 500 when a route met an unreachable database. */
@Injectable()
export class MongoErrorInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => translateMongoError(error))));
  }
}
