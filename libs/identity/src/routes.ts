import { Injectable, RequestMethod, type ExecutionContext } from '@nestjs/common';
import { GUARDS_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { accessRuleMetadata, type AccessRule } from './access-rule.ts';

/** One HTTP route as Nest registered it, and who may call it. */
export interface RouteAccess {
  /** `GET`, `POST` … */
  readonly method: string;
  /** As written in the controller, parameters as `:id`. */
  readonly path: string;
  /** `OrdersController.place` */
  readonly handler: string;
  readonly rule: AccessRule;
}

type Handler = ReturnType<ExecutionContext['getHandler']>;
type Constructor = ReturnType<ExecutionContext['getClass']>;

/** Every route of the running application with its access rule: the source of the role × route matrix. */
@Injectable()
export class RouteTable {
  constructor(private readonly discovery: DiscoveryService, private readonly reflector: Reflector) {}

  /** @throws Error that names every route without a rule */
  routes(): readonly RouteAccess[] {
    const found = this.discovery.getControllers().flatMap(({ metatype }) => (isConstructor(metatype) ? this.routesOf(metatype) : []));
    const open = found.filter((route) => route.rule === undefined);
    if (open.length === 0) return found.flatMap(({ rule, ...route }) => (rule === undefined ? [] : [{ ...route, rule }]));
    const names = open.map((route) => `${route.method} ${route.path} (${route.handler})`).join(', ');
    throw new Error(`Routes without an access rule: ${names}. Give each @Public(), @OptionalIdentity(), @Authenticated() or @Roles(…).`);
  }

  /** The rule of a handler: its own, else its controller's, else that of a guard which stands before it. */
  ruleOf(handler: Handler, controller: Constructor): AccessRule | undefined {
    return this.reflector.getAllAndOverride<AccessRule | undefined>(accessRuleMetadata, [handler, controller]) ?? guardRule(handler) ?? guardRule(controller);
  }

  private routesOf(controller: Constructor): (Omit<RouteAccess, 'rule'> & { rule: AccessRule | undefined })[] {
    return methodsOf(controller).flatMap(([name, handler]) => {
      const method: unknown = Reflect.getMetadata(METHOD_METADATA, handler);
      if (typeof method !== 'number') return [];
      const rule = this.ruleOf(handler, controller);
      return pathsOf(controller).flatMap((prefix) => pathsOf(handler).map((path) => ({
        method: RequestMethod[method] ?? String(method),
        path: joinPaths(prefix, path),
        handler: `${controller.name}.${name}`,
        rule,
      })));
    });
  }
}

function guardRule(target: object): AccessRule | undefined {
  const guards: unknown = Reflect.getMetadata(GUARDS_METADATA, target);
  if (!Array.isArray(guards)) return undefined;
  for (const guard of guards) {
    const rule: unknown = typeof guard === 'function' ? Reflect.getMetadata(accessRuleMetadata, guard) : undefined;
    if (isRule(rule)) return rule;
    // The guard of internal routes lives in a library that does not know this one.
    if (typeof guard === 'function' && guard.name === 'InternalGuard') return { kind: 'internal' };
  }
  return undefined;
}

function isRule(value: unknown): value is AccessRule {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function isConstructor(value: unknown): value is Constructor {
  return typeof value === 'function' && typeof value.prototype === 'object';
}

function methodsOf(controller: Constructor): [string, Handler][] {
  const found = new Map<string, Handler>();
  for (let prototype: object | null = controller.prototype; prototype !== null && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === 'function' && name !== 'constructor' && !found.has(name)) found.set(name, value);
    }
  }
  return [...found];
}

function pathsOf(target: object): string[] {
  const path: unknown = Reflect.getMetadata(PATH_METADATA, target);
  const paths = Array.isArray(path) ? path : [path];
  return paths.map((part) => (typeof part === 'string' ? part : ''));
}

function joinPaths(prefix: string, path: string): string {
  const parts = [prefix, path].flatMap((text) => text.split('/')).filter((part) => part !== '');
  return `/${parts.join('/')}`;
}
