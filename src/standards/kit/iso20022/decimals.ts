import { assert } from '../../../kernel/index.js';

/**
 * The lexical form of xs:decimal. One alternative a shape, so that no digit can be matched in two ways and a long row of
 * digits costs a single pass.
 */
const DECIMAL = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))$/;
/** DecimalNumber has at most 17 digits after the point, so every sum is exact at this scale. */
const SCALE = 17;

export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; empty below one. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

/** Reads an xs:decimal; undefined if it is none. Zeros that say nothing are dropped, as XML Schema counts digits. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  return {
    negative: match[1] === '-',
    whole: (match[2] ?? '').replace(/^0+/, ''),
    fraction: withoutTrailingZeros(match[3] ?? match[4] ?? ''),
  };
}

/** `0012.30` becomes `12.3`: the one spelling of a number. */
export function canonicalDecimal(text: string): string {
  const decimal = parseDecimal(text);
  assert(decimal !== undefined, 'a decimal number');
  const { whole, fraction } = decimal;
  const sign = decimal.negative && whole + fraction !== '' ? '-' : '';
  return `${sign}${whole || '0'}${fraction && `.${fraction}`}`;
}

/** The exact sum of decimal numbers, in its canonical spelling. Each has at most 17 decimals. */
export function sumDecimals(texts: readonly string[]): string {
  let total = 0n;
  for (const text of texts) {
    const decimal = parseDecimal(text);
    assert(decimal !== undefined && decimal.fraction.length <= SCALE, 'a decimal number of at most 17 decimals');
    const scaled = BigInt(decimal.whole + decimal.fraction.padEnd(SCALE, '0'));
    total += decimal.negative ? -scaled : scaled;
  }
  const digits = (total < 0n ? -total : total).toString().padStart(SCALE + 1, '0');
  return canonicalDecimal(`${total < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`);
}

/** Not a pattern: `/0+$/` tries again at every zero, and the text comes from outside. */
function withoutTrailingZeros(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '0') end -= 1;
  return text.slice(0, end);
}
