import { SandbankError, type Instant } from '../../kernel/index.js';
import type { Call } from '../standard.js';

/** A query parameter that may be given once. Throws `field.invalid`. */
export function single(call: Pick<Call, 'query'>, name: string): string | undefined {
  const value = call.query[name];
  if (typeof value === 'string' || value === undefined) return value;
  throw new SandbankError('field.invalid', `${name} is given more than once.`, { path: name, expected: 'one value' });
}

/** The end of two that is the narrower one; an absent end is open. */
export function later(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

export function earlier(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}
