import { SandbankError } from '../../../kernel/index.js';

export type WireObject = Readonly<Record<string, unknown>>;

/**
 * A JSON payment is one of three shapes of which the document lets each pass for another, so that names and types are
 * checked again by the shape that the payment service says. Throws `field.missing`, `field.invalid`.
 */
export function textAt(
  fields: WireObject,
  name: string,
  limits: { readonly path: string; readonly max: number },
): string {
  const value = optionalTextAt(fields, name, limits);
  if (value === undefined) throw missing(limits.path);
  return value;
}

export function optionalTextAt(
  fields: WireObject,
  name: string,
  { path, max }: { readonly path: string; readonly max: number },
): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= max) return value;
  throw invalid(path, `a text of 1 to ${max} characters`);
}

export function objectAt(fields: WireObject, name: string, path: string): WireObject {
  const value = fields[name];
  if (value === undefined) throw missing(path);
  return asObject(value, path);
}

export function asObject(value: unknown, path: string): WireObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as WireObject;
  throw invalid(path, 'an object');
}

export function dayAt(fields: WireObject, name: string, path: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new SandbankError('field.invalid-date', `${path} is a day: YYYY-MM-DD.`, { path });
}

export function missing(path: string): SandbankError {
  return new SandbankError('field.missing', `${path} is missing.`, { path });
}

export function invalid(path: string, expected: string): SandbankError {
  return new SandbankError('field.invalid', `${path} is not ${expected}.`, { path, expected });
}
