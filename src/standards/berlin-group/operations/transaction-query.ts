import {
  dateOf,
  instant,
  localDate,
  MS_PER_DAY,
  SandbankError,
  startOfDay,
  type Instant,
} from '../../../kernel/index.js';
import type { Account, Transaction, TransactionPage } from '../../../bank/index.js';
import { single } from '../../kit/query.js';
import type { Call } from '../../standard.js';
import type { Links } from '../links.js';
import { coverageOf } from '../../kit/covered.js';
import { notConsistent, refusal } from '../refusals.js';

const PAGE_SIZE = 100;
const SCAN_SIZE = 500;
/** Our own parameter of page links; the standard leaves their form to the bank. */
const CURSOR = 'page';
const FILTERS = ['dateFrom', 'dateTo', 'bookingStatus', 'entryReferenceFrom', 'withBalance'] as const;

export type BookingStatus = 'information' | 'booked' | 'pending' | 'both' | 'all';

/** What a list of transactions is asked for. */
export interface Period {
  readonly bookingStatus: BookingStatus;
  readonly from?: Instant;
  readonly to?: Instant;
  /** Everything that was booked after this entry, in place of days. */
  readonly after?: string;
  /** What has come since the last report to this third party, which the bank remembers. */
  readonly isDelta: boolean;
  readonly cursor?: string;
}

export function hasPending(status: BookingStatus): boolean {
  return status === 'pending' || status === 'both' || status === 'all';
}

export function hasBooked(status: BookingStatus): boolean {
  return status === 'booked' || status === 'both' || status === 'all';
}

/**
 * Reads the filter (1.3.12, 6.6.1). The first day is needed for what is booked, unless an entry or the last report says
 * where to begin, or the request is the next page of one that said it. Throws `field.missing`, `field.invalid-date`,
 * PERIOD_INVALID, and PARAMETER_NOT_CONSISTENT for both forms of a delta at once.
 */
export function readPeriod(call: Call): Period {
  const isDelta = single(call, 'deltaList')?.toLowerCase() === 'true';
  const bookingStatus = (single(call, 'bookingStatus') ?? 'booked') as BookingStatus;
  const after = single(call, 'entryReferenceFrom');
  const cursor = single(call, CURSOR);
  const from = dayOf(call, 'dateFrom');
  const to = dayOf(call, 'dateTo');
  if (isDelta && after !== undefined) {
    throw notConsistent('deltaList', 'Either entryReferenceFrom or deltaList says where to begin.');
  }
  const hasBeginning = from !== undefined || after !== undefined || isDelta || cursor !== undefined;
  if (!hasBeginning && hasBooked(bookingStatus)) {
    throw new SandbankError('field.missing', 'dateFrom, entryReferenceFrom or deltaList says where to begin.', {
      path: 'dateFrom',
    });
  }
  refuseOutOfBounds({ from, to, now: call.now });
  return {
    bookingStatus,
    isDelta,
    // A delta begins where the last report ended, whatever days are named (1.3.12: they might be ignored).
    ...(from !== undefined && after === undefined && !isDelta && { from }),
    // Days include their end.
    ...(to !== undefined && { to: instant(to + MS_PER_DAY - 1) }),
    ...(after !== undefined && { after }),
    ...(cursor !== undefined && { cursor }),
  };
}

function refuseOutOfBounds(bounds: { from: Instant | undefined; to: Instant | undefined; now: Instant }): void {
  const { from, to, now } = bounds;
  if (from !== undefined && to !== undefined && from > to) {
    throw refusal('field.invalid-date', 'PERIOD_INVALID', { message: 'dateTo is before dateFrom.', path: 'dateTo' });
  }
  if (from !== undefined && from > now) {
    throw refusal('field.invalid-date', 'PERIOD_INVALID', {
      message: 'dateFrom is still to come.',
      path: 'dateFrom',
      expected: `${dateOf(now)} or earlier`,
    });
  }
}

/** Where a delta begins: after the newest entry of the last report; everything, before there was one. */
export async function withLastReport(call: Call, account: Account, period: Period): Promise<Period> {
  if (!period.isDelta || period.cursor !== undefined) return period;
  const after = await call.bank.consents.readMark(coverageOf(call).consent.id, reportOf(account));
  return after === undefined ? period : { ...period, after };
}

/**
 * Remembers the newest booked entry of a report that reaches to this day, whichever of its pages come after. A report
 * of days gone by, or of what is pending only, leaves the mark where it was.
 */
export async function rememberReport(
  call: Call,
  account: Account,
  report: { readonly period: Period; readonly items: readonly Transaction[] },
): Promise<void> {
  const { period, items } = report;
  const newest = items.find(({ status }) => status === 'booked');
  const isOfThePast = period.to !== undefined && period.to < call.now;
  if (!newest || period.cursor !== undefined || isOfThePast || !hasBooked(period.bookingStatus)) return;
  const { consent } = coverageOf(call);
  const known = await call.bank.consents.readMark(consent.id, reportOf(account));
  if (known !== newest.id) await call.bank.consents.setReadMark(consent.id, reportOf(account), newest.id);
}

function reportOf({ id }: Account): string {
  return `accounts/${id}/transactions`;
}

function dayOf(call: Call, name: 'dateFrom' | 'dateTo'): Instant | undefined {
  const text = single(call, name);
  if (text === undefined) return undefined;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return startOfDay(localDate(text));
  throw new SandbankError('field.invalid-date', `${name} is a day: YYYY-MM-DD.`, { path: name, actual: text });
}

const BOTH = { directions: ['credit', 'debit'] } as const;

/** One page, newest first. What comes after an entry is one page, however long. */
export async function readTransactions(call: Call, account: Account, period: Period): Promise<TransactionPage> {
  const { bookingStatus, from, to, after, cursor } = period;
  if (after !== undefined) return { items: await transactionsAfter(call, account, { ...period, after }) };
  const isPendingOnly = !hasBooked(bookingStatus);
  const page = await call.bank.transactions.page(account, {
    ...BOTH,
    includePending: hasPending(bookingStatus),
    pageSize: isPendingOnly ? 1 : PAGE_SIZE,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(cursor !== undefined && { cursor }),
  });
  return isPendingOnly ? { items: page.items.filter(({ status }) => status === 'pending') } : page;
}

/** Every line of a period, for an answer that has no pages. */
export async function readAllTransactions(
  call: Call,
  account: Account,
  period: Period,
): Promise<readonly Transaction[]> {
  const items: Transaction[] = [];
  for await (const page of pagesOf(call, account, period)) items.push(...page);
  return items.filter(({ status }) => (status === 'pending' ? hasPending : hasBooked)(period.bookingStatus));
}

async function transactionsAfter(
  call: Call,
  account: Account,
  period: Period & { readonly after: string },
): Promise<readonly Transaction[]> {
  const items: Transaction[] = [];
  const { from: _days, ...rest } = period;
  for await (const page of pagesOf(call, account, rest)) {
    const end = page.findIndex(({ id, status }) => id === period.after && status === 'booked');
    items.push(...(end < 0 ? page : page.slice(0, end)));
    if (end >= 0)
      return items.filter(({ status }) => (status === 'pending' ? hasPending : hasBooked)(period.bookingStatus));
  }
  throw refusal('field.invalid', 'RESOURCE_UNKNOWN', {
    message: 'There is no such entry in this account.',
    path: 'entryReferenceFrom',
    actual: period.after,
  });
}

async function* pagesOf(
  call: Call,
  account: Account,
  { bookingStatus, from, to }: Period,
): AsyncGenerator<readonly Transaction[]> {
  let cursor: string | undefined;
  do {
    const page: TransactionPage = await call.bank.transactions.page(account, {
      ...BOTH,
      includePending: hasPending(bookingStatus),
      pageSize: SCAN_SIZE,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(cursor !== undefined && { cursor }),
    });
    yield page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}

/** The lists that bookingStatus asks for, each of them even when it is empty. */
export function listsOf<T>(
  items: readonly Transaction[],
  bookingStatus: BookingStatus,
  toWire: (transaction: Transaction) => T,
): { readonly booked?: readonly T[]; readonly pending?: readonly T[] } {
  const of = (status: Transaction['status']): readonly T[] => items.filter((one) => one.status === status).map(toWire);
  return {
    ...(hasBooked(bookingStatus) && { booked: of('booked') }),
    ...(hasPending(bookingStatus) && { pending: of('pending') }),
  };
}

export function pageLinks(
  call: Call,
  { path, page }: { readonly path: string; readonly page: TransactionPage },
): Links {
  const filters = Object.fromEntries(FILTERS.map((name) => [name, single(call, name)]));
  const link = (cursor?: string) => ({ href: call.url(path, { ...filters, [CURSOR]: cursor }) });
  const { next, previous } = page;
  return {
    // The first page of a delta cannot be asked for again: by then it has been reported.
    ...((next !== undefined || previous !== undefined) && filters['dateFrom'] !== undefined && { first: link() }),
    ...(next !== undefined && { next: link(next) }),
    ...(previous !== undefined && { previous: link(previous) }),
  };
}
