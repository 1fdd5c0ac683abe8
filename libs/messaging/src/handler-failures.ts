import { Catch, Injectable, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import { throwError, type Observable } from 'rxjs';

/** Hands the handler's own error on; Nest's default would turn it into "Internal server error" and hide the reason. */
@Catch()
export class HandlerFailureFilter implements ExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}

const filtered = new WeakSet<object>();

/**
 * Puts the filter on each event handler of the application. Done in the constructor, for Nest wires the handlers before
 * any hook runs; a decorator on each handler could be forgotten.
 */
@Injectable()
export class HandlerFailures {
  constructor(discovery: DiscoveryService, scanner: MetadataScanner) {
    for (const { metatype } of discovery.getControllers()) {
      const prototype: unknown = metatype?.prototype;
      if (typeof prototype !== 'object' || prototype === null) continue;
      for (const method of scanner.getAllMethodNames(prototype)) keepReason(prototype, method);
    }
  }
}

function keepReason(prototype: object, method: string): void {
  const handler: unknown = (prototype as Record<string, unknown>)[method];
  if (typeof handler !== 'function' || filtered.has(handler) || !Reflect.hasMetadata(PATTERN_METADATA, handler)) return;
  filtered.add(handler);
  UseFilters(new HandlerFailureFilter())(prototype, method, { value: handler });
}
