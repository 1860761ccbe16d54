import type { Bank, Statement, Transaction } from '../../bank/index.js';
import { formatInstantMs, formatMoney, money, SandbankError } from '../../kernel/index.js';
import type { ControlCall, ControlOperations } from './control-call.js';

const PAGE_SIZE = 500;
const COLUMNS = ['booked', 'id', 'kind', 'text', 'reference', 'counterparty', 'amount', 'currency', 'balance'];

/** The statements of any account of a bank, and the lines of one as a table for a spreadsheet. */
export function statementOperations(bankOf: (call: ControlCall) => Bank): ControlOperations {
  return {
    listStatements: async (call) => {
      const statements = await bankOf(call).statements.ofAccount(call.params['account'] ?? '');
      return { status: 200, body: { statements: statements.map(toStatement) } };
    },
    getStatementTable: async (call) => {
      const bank = bankOf(call);
      const statement = await statementOf(bank, call);
      const content = toCsv(await linesOf(bank, statement));
      return { status: 200, body: undefined, text: { contentType: 'text/csv; charset=utf-8', content } };
    },
  };
}

async function statementOf(bank: Bank, { params }: ControlCall): Promise<Statement> {
  const id = params['statement'] ?? '';
  const found = await bank.statements.get(params['account'] ?? '', id);
  if (found) return found;
  throw new SandbankError('operation.unknown', 'This account has no such statement.', {
    path: 'statement',
    actual: id,
  });
}

/** Oldest first, as people read a statement. */
async function linesOf(bank: Bank, { accountId, from, to }: Statement): Promise<readonly Transaction[]> {
  const lines: Transaction[] = [];
  let cursor: string | undefined;
  do {
    const page = await bank.transactions.page(accountId, {
      from,
      to,
      directions: ['credit', 'debit'],
      includePending: false,
      pageSize: PAGE_SIZE,
      ...(cursor !== undefined && { cursor }),
    });
    lines.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return lines.reverse();
}

function toStatement(statement: Statement): unknown {
  const { id, accountId, currency, from, to, cutAt, openingMinor, closingMinor, totals } = statement;
  const amount = (minor: bigint): string => formatMoney(money(minor, currency));
  return {
    id,
    account: accountId,
    currency,
    from: formatInstantMs(from),
    to: formatInstantMs(to),
    cutAt: formatInstantMs(cutAt),
    opening: amount(openingMinor),
    closing: amount(closingMinor),
    totals: totals.map(({ code, direction, count, sumMinor }) => ({
      kind: code,
      direction,
      count,
      sum: amount(sumMinor),
    })),
  };
}

function toCsv(lines: readonly Transaction[]): string {
  const rows = lines.map(({ id, bookedAt, code, text, reference, counterparty, ...line }) => {
    const { currency, direction, amountMinor, balanceAfterMinor = 0n } = line;
    const amount = (minor: bigint): string => formatMoney(money(minor, currency));
    return [
      formatInstantMs(bookedAt),
      id,
      code,
      cell(text),
      cell(reference ?? ''),
      cell(counterparty?.name ?? ''),
      amount(direction === 'debit' ? -amountMinor : amountMinor),
      currency,
      amount(balanceAfterMinor),
    ];
  });
  return [COLUMNS, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** Quoted (RFC 4180). What a spreadsheet would take for a formula is text: a third party may have written it. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
