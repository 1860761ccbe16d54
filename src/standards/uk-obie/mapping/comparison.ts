import { parseInstant } from '../../../kernel/index.js';

/** The first place where an order departs from its consent. */
export interface Difference {
  readonly path: string;
  /** As JSON; undefined where that side has no such field. */
  readonly agreed: string | undefined;
  readonly ordered: string | undefined;
}

/** Fields whose texts are decimals, and those whose texts are times: compared by what they stand for. */
const DECIMAL_FIELDS: ReadonlySet<string> = new Set(['Amount', 'ReferredDocumentAmount']);
const DATE_FIELDS: ReadonlySet<string> = new Set(['Date', 'RelatedDate']);

/**
 * Compares two JSON values field by field, by value: the order of keys does not matter, `1.0` equals `1.00` in an amount
 * and two notations of one moment are equal. The order of a list matters. Undefined when they are equal.
 */
export function firstDifference(agreed: unknown, ordered: unknown, path: string): Difference | undefined {
  if (Array.isArray(agreed) && Array.isArray(ordered)) {
    const longer = Math.max(agreed.length, ordered.length);
    return firstOf(longer, (index) => firstDifference(agreed[index], ordered[index], `${path}[${String(index)}]`));
  }
  if (isObject(agreed) && isObject(ordered)) {
    const names = [...new Set([...Object.keys(agreed), ...Object.keys(ordered)])];
    return firstOf(names.length, (index) => {
      const name = names[index] ?? '';
      return firstDifference(own(agreed, name), own(ordered, name), `${path}.${name}`);
    });
  }
  if (areEqual(agreed, ordered, path)) return undefined;
  return { path, agreed: shown(agreed), ordered: shown(ordered) };
}

function firstOf(length: number, compare: (index: number) => Difference | undefined): Difference | undefined {
  for (let index = 0; index < length; index += 1) {
    const difference = compare(index);
    if (difference) return difference;
  }
  return undefined;
}

function areEqual(agreed: unknown, ordered: unknown, path: string): boolean {
  if (agreed === ordered) return true;
  if (typeof agreed !== 'string' || typeof ordered !== 'string') return false;
  const field = path.slice(path.lastIndexOf('.') + 1);
  if (DECIMAL_FIELDS.has(field)) return plainDecimal(agreed) === plainDecimal(ordered);
  if (!DATE_FIELDS.has(field)) return false;
  const at = parseInstant(agreed);
  return at !== undefined && at === parseInstant(ordered);
}

/** Without leading zeros, and without zeros at the end of the fraction. */
function plainDecimal(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function shown(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
