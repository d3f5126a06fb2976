import { isNativeError } from 'node:util/types';

/**
 * Import it first in a test of real network failures. jest gives tests a realm of their own, in which the errors of
 * Node's core are not `instanceof Error`, and the SDK would wrap them as it never does outside of jest.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, thing: unknown): boolean {
    return this === Error ? isNativeError(thing) : Function.prototype[Symbol.hasInstance].call(this as never, thing);
  },
});
