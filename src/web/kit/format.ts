import { dateOf, formatInstant, formatMoney, parts, type Instant, type Money } from '../../kernel/index.js';

const SYMBOLS: Readonly<Record<string, string>> = { GBP: '£', EUR: '€', USD: '$' };
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `£1,234.50`, `-£20.00`, `JPY 1,200`. */
export function displayMoney(value: Money): string {
  const text = formatMoney({ ...value, amountMinor: value.amountMinor < 0n ? -value.amountMinor : value.amountMinor });
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const symbol = SYMBOLS[value.currency] ?? `${value.currency} `;
  return `${value.amountMinor < 0n ? '-' : ''}${symbol}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** `25 November 2026` */
export function displayDate(at: Instant): string {
  const [year, month, day] = parts(dateOf(at));
  return `${String(day)} ${MONTHS[month - 1] ?? ''} ${String(year)}`;
}

/** `25 November 2026, 09:05 UTC` */
export function displayDateTime(at: Instant): string {
  return `${displayDate(at)}, ${formatInstant(at).slice(11, 16)} UTC`;
}

/**
 * `04-05-06 12345678` from the fourteen digits of a sort code and account number, an IBAN in groups of four, and other
 * identifiers without control characters.
 */
export function displayIdentification(identification: string): string {
  const match = /^(\d{2})(\d{2})(\d{2})(\d{8})$/.exec(identification);
  if (match) return `${match.slice(1, 4).join('-')} ${match[4] ?? ''}`;
  if (/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(identification)) return identification.replace(/(.{4})(?=.)/g, '$1 ');
  return displayName(identification);
}

/**
 * A name given by a stranger, safe to read: control and bidirectional-override characters are dropped (a name must not
 * reorder the sentence it stands in), runs of spaces become one.
 */
export function displayName(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Up to two initials for a mark: `Moneyhub Tools` gives `MT`. */
export function initials(name: string): string {
  return displayName(name)
    .split(' ')
    .filter((word) => /^[\p{L}\p{N}]/u.test(word))
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('');
}

const GERMAN_MONTHS = [
  'Januar',
  'Februar',
  'März',
  'April',
  'Mai',
  'Juni',
  'Juli',
  'August',
  'September',
  'Oktober',
  'November',
  'Dezember',
];

/** `25. November 2026` */
export function germanDate(at: Instant): string {
  const [year, month, day] = parts(dateOf(at));
  return `${String(day)}. ${GERMAN_MONTHS[month - 1] ?? ''} ${String(year)}`;
}

/** `25. November 2026, 09:05 UTC` */
export function germanDateTime(at: Instant): string {
  return `${germanDate(at)}, ${formatInstant(at).slice(11, 16)} UTC`;
}

/** `1.234,50 €`, as German texts write amounts (DIN 5008). */
export function germanMoney(value: Money): string {
  const [whole = '', fraction] = formatMoney({
    ...value,
    amountMinor: value.amountMinor < 0n ? -value.amountMinor : value.amountMinor,
  }).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  const sign = value.amountMinor < 0n ? '-' : '';
  const unit = SYMBOLS[value.currency] ?? value.currency;
  return `${sign}${grouped}${fraction === undefined ? '' : `,${fraction}`}\u00a0${unit}`;
}
