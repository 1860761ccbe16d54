import type { ClockMoved, MovedAmount } from '../sandbox/index.js';
import type { Output } from './output.js';

const GROUPS: readonly (readonly [prefix: string, title: string])[] = [
  ['transaction.', 'booked'],
  ['payment.', 'payments'],
  ['consent.', 'consents'],
  ['statement.', 'statements'],
  ['hold.', 'holds'],
  ['token.', 'tokens'],
];

/** What a move of the clock did: a table by kind, then the first things that happened. */
export function describeMoved(moved: ClockMoved, output: Pick<Output, 'strong' | 'quiet'>, items: number): string {
  const lines = [`${moved.from} -> ${output.strong(moved.now)}`];
  if (moved.summary.length === 0) return [...lines, 'Nothing happened.'].join('\n');
  for (const bank of [...new Set(moved.summary.map((row) => row.bank))]) {
    lines.push('', output.strong(bank));
    const rows = moved.summary.filter((row) => row.bank === bank);
    for (const { kind, count, sum } of rows) {
      lines.push(`  ${kindText(kind).padEnd(34)}${String(count).padStart(7)}${amountText(sum)}`);
    }
  }
  const shown = moved.items.slice(0, items);
  if (shown.length > 0) lines.push('', output.strong('First of all'));
  for (const { at, bank, kind, subject, text, amount } of shown) {
    const about = text ?? subject;
    lines.push(
      `  ${at.slice(0, 16).replace('T', ' ')}  ${bank.padEnd(9)}${kindText(kind).padEnd(30)}${about.slice(0, 38).padEnd(38)}${amountText(amount)}`.trimEnd(),
    );
  }
  const more = moved.summary.reduce((sum, { count }) => sum + count, 0) - shown.length;
  if (shown.length > 0 && more > 0) lines.push(output.quiet(`  and ${String(more)} more`));
  return lines.join('\n');
}

/** `transaction.direct-debit` becomes `booked: direct debit`. */
function kindText(kind: string): string {
  const [prefix = '', title = ''] = GROUPS.find(([start]) => kind.startsWith(start)) ?? [];
  const rest = kind.slice(prefix.length).replaceAll('-', ' ');
  return title === '' ? rest : `${title}: ${rest}`;
}

function amountText(amount: MovedAmount | undefined): string {
  return amount === undefined ? '' : `${amount.amount.padStart(14)} ${amount.currency}`;
}
