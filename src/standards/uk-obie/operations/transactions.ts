import { formatInstant, SandbankError, type Instant } from '../../../kernel/index.js';
import type { Account, AccountId, Transaction, TransactionPage, TransactionQuery } from '../../../bank/index.js';
import type { Call, Operation, Reply } from '../../standard.js';
import { readQueryDate } from '../dates.js';
import type { Meta } from '../envelope.js';
import type { TransactionContext } from '../mapping/transaction.js';
import { transactionWriter } from '../mapping/transaction-text.js';
import { accountOfPath, coverageOf, coveredAccounts } from '../../kit/covered.js';
import { earlier, later, single } from '../../kit/query.js';

/** Between 25 and 1000 by the standard (4.0.1, pagination). */
const PAGE_SIZE = 100;
/** Our own parameter of page links; the standard leaves their form to the bank. */
const CURSOR_PARAMETER = 'page';
const FILTERS = ['fromBookingDateTime', 'toBookingDateTime'] as const;

const needed = {
  grant: 'customer',
  scopes: ['accounts'],
  consent: 'account-access',
  allOf: ['transactions.basic'],
  anyOf: ['transactions.credits', 'transactions.debits'],
} as const;

export const transactionOperations: Readonly<Record<string, Operation>> = {
  GetAccountsAccountIdTransactions: {
    policy: { access: { ...needed, accountParameter: 'AccountId' } },
    async handle(call) {
      const account = await accountOfPath(call, 'AccountId');
      return transactionPageOf(call, { account, path: `/accounts/${account.id}/transactions` });
    },
  },
  GetTransactions: {
    policy: { access: needed },
    async handle(call) {
      const query = queryOf(call);
      const page = query ? await bulkPage(call, query) : EMPTY;
      const isOnly = page.next === undefined && single(call, CURSOR_PARAMETER) === undefined;
      return reply(call, { path: '/transactions', page, meta: isOnly ? { TotalPages: 1 } : {} });
    },
  },
};

/** A page of one account; `within` a statement's period there is nothing pending, and no other history to speak of. */
export async function transactionPageOf(
  call: Call,
  list: {
    readonly account: Account | AccountId;
    readonly path: string;
    readonly within?: { readonly from: Instant; readonly to: Instant };
  },
): Promise<Reply> {
  const { account, path, within } = list;
  const asked = queryOf(call);
  const query = within && asked ? { ...asked, ...within, includePending: false } : asked;
  const cursor = single(call, CURSOR_PARAMETER);
  const page = query
    ? await call.bank.transactions.page(account, { ...query, ...(cursor !== undefined && { cursor }) })
    : EMPTY;
  const { firstAvailable, lastAvailable, next, previous } = page;
  return reply(call, {
    path,
    page,
    meta: {
      ...(next === undefined && previous === undefined && { TotalPages: 1 }),
      ...(!within && firstAvailable !== undefined && { FirstAvailableDateTime: formatInstant(firstAvailable) }),
      ...(!within && lastAvailable !== undefined && { LastAvailableDateTime: formatInstant(lastAvailable) }),
    },
  });
}

const EMPTY: TransactionPage = { items: [] };

/**
 * What is left of the filter within the consent: never an error, at the worst an empty list (undefined here). Rows are
 * credits, debits or both, as the permissions say.
 */
function queryOf(call: Call): Omit<TransactionQuery, 'cursor'> | undefined {
  const { consent, capabilities } = coverageOf(call);
  const { historyFrom, historyTo } = consent.subject.kind === 'account-access' ? consent.subject : {};
  const from = later(filter(call, 'fromBookingDateTime', 'from'), historyFrom);
  const to = earlier(filter(call, 'toBookingDateTime', 'to'), historyTo);
  if (from !== undefined && to !== undefined && from > to) return undefined;
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    directions: [
      ...(capabilities.includes('transactions.credits') ? (['credit'] as const) : []),
      ...(capabilities.includes('transactions.debits') ? (['debit'] as const) : []),
    ],
    includePending: true,
    pageSize: PAGE_SIZE,
  };
}

/**
 * A page over several accounts: one account after the other, each newest first, until the page is full. The cursor is
 * the account and the place in it, so that pages stay put while new transactions come in. There is no way back but to
 * the first page.
 */
async function bulkPage(call: Call, query: Omit<TransactionQuery, 'cursor'>): Promise<TransactionPage> {
  const accounts = await coveredAccounts(call);
  const start = single(call, CURSOR_PARAMETER);
  const [startAccount, startCursor] = start === undefined ? [] : splitCursor(start);
  const first = startAccount === undefined ? 0 : accounts.findIndex(({ id }) => id === startAccount);
  if (first < 0) throw badCursor(start ?? '');
  const items: Transaction[] = [];
  let cursor = startCursor;
  for (const [index, account] of accounts.entries()) {
    if (index < first) continue;
    const room = PAGE_SIZE - items.length;
    if (room <= 0) return { items, next: `${account.id}~` };
    const page = await call.bank.transactions.page(account, {
      ...query,
      pageSize: room,
      ...(cursor !== undefined && { cursor }),
    });
    items.push(...page.items);
    if (page.next !== undefined) return { items, next: `${account.id}~${page.next}` };
    cursor = undefined;
  }
  return { items };
}

function splitCursor(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('~');
  if (at <= 0) throw badCursor(text);
  const rest = text.slice(at + 1);
  return [text.slice(0, at), rest === '' ? undefined : rest];
}

function reply(
  call: Call,
  answer: { readonly path: string; readonly page: TransactionPage; readonly meta: Meta },
): Reply {
  const { page, path, meta } = answer;
  const context = { capabilities: coverageOf(call).capabilities, issuer: call.bank.profile.name };
  const filters = Object.fromEntries(FILTERS.map((name) => [name, single(call, name)]));
  const link = (cursor?: string): string => call.url(path, { ...filters, [CURSOR_PARAMETER]: cursor });
  const isPaged =
    page.next !== undefined || page.previous !== undefined || single(call, CURSOR_PARAMETER) !== undefined;
  const links = {
    Self: call.selfUrl,
    ...(isPaged && { First: link() }),
    ...(page.previous !== undefined && { Prev: link(page.previous) }),
    ...(page.next !== undefined && { Next: link(page.next) }),
  };
  return {
    status: 200,
    json: [
      '{"Data":{"Transaction":[',
      ...linesOf(page, context),
      `]},"Links":${JSON.stringify(links)},"Meta":${JSON.stringify(meta)}}`,
    ],
  };
}

/** Booked lines are written once for as long as the bank remembers them; what is pending, and whole lists, each time. */
function linesOf(page: TransactionPage, context: TransactionContext): readonly (string | Buffer)[] {
  const write = transactionWriter(context);
  const { booked, pending = [] } = page;
  if (!booked) return [page.items.map(write).join(',')];
  const made = `uk-obie ${context.issuer} ${context.capabilities.join(' ')}`;
  const text = (): string => booked.items.map(write).join(',');
  const lines = booked.isKept ? booked.derived(made, () => Buffer.from(text(), 'utf8')) : text();
  if (pending.length === 0) return [lines];
  return [pending.map(write).join(','), ...(lines.length === 0 ? [] : [',', lines])];
}

function filter(call: Call, name: (typeof FILTERS)[number], end: 'from' | 'to'): Instant | undefined {
  const text = single(call, name);
  return text === undefined || text === '' ? undefined : readQueryDate(text, name, end);
}

function badCursor(actual: string): SandbankError {
  return new SandbankError('field.invalid', 'The page is not one that this bank linked to.', {
    path: CURSOR_PARAMETER,
    expected: 'an address from Links',
    actual,
  });
}
