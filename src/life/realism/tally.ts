import type { AccountLine } from '../../bank/index.js';
import { dateOf, dayOfWeek, daysInMonth, parts, startOfDay, MS_PER_DAY, type LocalDate } from '../../kernel/index.js';
import type { Population } from '../population/population-file.js';
import { surveyShares } from '../population/survey.js';
import { firstDigitOf, firstDigits } from './benford.js';
import { distribution } from './distribution.js';
import type { Realism } from './realism.js';

/** Takes the lines of one account after the other and knows what they say together. */
export interface Tally {
  account(account: {
    readonly name: string;
    readonly lines: readonly AccountLine[];
    readonly bookedMinor: bigint;
  }): void;
  result(): Omit<Realism, 'bank' | 'customers'>;
}

const INCOME: ReadonlySet<string> = new Set(['salary', 'benefit', 'pension']);
const INCOME_EDGES = [0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 6000, 7000];
const BALANCE_EDGES = [-2000, -1000, -500, -250, 0, 250, 500, 1000, 1500, 2000, 3000, 4000, 6000];
const SAVINGS_EDGES = [0, 500, 1000, 2000, 3000, 5000, 7500, 10_000, 15_000, 20_000, 30_000, 50_000];

/** `unit`: minor units in a whole one. */
export function createTally({ population, unit }: { readonly population: Population; readonly unit: number }): Tally {
  const sums = emptySums();
  const divisionOf = divisions(population);
  return {
    account({ name, lines, bookedMinor }) {
      const kind = name.slice(name.indexOf('/') + 1);
      const customer = name.slice(0, name.indexOf('/'));
      sums.accounts += 1;
      sums.wrong += wrongBalances(lines, bookedMinor);
      for (const line of lines) countLine(sums, { line, customer, kind, division: divisionOf(line) }, unit);
      const balance = Number(bookedMinor) / unit;
      if (kind === 'current') {
        sums.currents.push(balance);
        countDays(sums, lines);
      }
      if (kind === 'savings') sums.savings.push(balance);
    },
    result: () => conclude(sums, population),
  };
}

interface Sums {
  accounts: number;
  transactions: number;
  wrong: number;
  first: LocalDate | undefined;
  last: LocalDate | undefined;
  unknown: number;
  everOverdrawn: number;
  readonly byDivision: Map<string, number>;
  readonly weekdays: number[];
  readonly days: number[];
  readonly paydays: number[];
  readonly months: Map<string, number>;
  readonly digits: number[];
  readonly incomes: Map<string, number>;
  readonly accountDays: Map<string, { below: number; all: number }>;
  readonly currents: number[];
  readonly savings: number[];
}

function emptySums(): Sums {
  return {
    accounts: 0,
    transactions: 0,
    wrong: 0,
    first: undefined,
    last: undefined,
    unknown: 0,
    everOverdrawn: 0,
    byDivision: new Map(),
    weekdays: Array.from({ length: 7 }, () => 0),
    days: Array.from({ length: 31 }, () => 0),
    paydays: Array.from({ length: 31 }, () => 0),
    months: new Map(),
    digits: Array.from({ length: 9 }, () => 0),
    incomes: new Map(),
    accountDays: new Map(),
    currents: [],
    savings: [],
  };
}

/** The division of what a line spends: by merchant or by payee; undefined for what is no spending. */
function divisions({ survey, bills, holiday }: Population): (line: AccountLine) => string | undefined {
  const payees = new Map<string, string>([[holiday.to, holiday.division]]);
  for (const bill of bills) for (const payee of bill.to) payees.set(payee, bill.division);
  return ({ code, categoryCode, counterparty }) => {
    if (code === 'card-payment' || code === 'refund') return survey.byCode.get(categoryCode ?? '') ?? 'unknown';
    if (code === 'rent') return 'housing';
    if (code === 'direct-debit' || code === 'transfer-out') return payees.get(counterparty ?? '');
    return undefined;
  };
}

function countLine(
  sums: Sums,
  counted: {
    readonly line: AccountLine;
    readonly customer: string;
    readonly kind: string;
    readonly division: string | undefined;
  },
  unit: number,
): void {
  const { line, customer, division } = counted;
  if (line.code === 'opening-balance') return;
  sums.transactions += 1;
  const date = dateOf(line.bookedAt);
  const amount = Number(line.amountMinor) / unit;
  if (sums.first === undefined || date < sums.first) sums.first = date;
  if (sums.last === undefined || date > sums.last) sums.last = date;
  const digit = firstDigitOf(line.amountMinor);
  if (digit !== undefined) sums.digits[digit - 1] = (sums.digits[digit - 1] ?? 0) + 1;
  if (division === 'unknown') sums.unknown -= amount;
  else if (division !== undefined && division !== 'none') add(sums.byDivision, division, -amount);
  const day = parts(date)[2] - 1;
  if (INCOME.has(line.code)) {
    add(sums.incomes, customer, amount);
    sums.paydays[day] = (sums.paydays[day] ?? 0) + 1;
  }
  if (line.code !== 'card-payment') return;
  const weekday = (dayOfWeek(date) + 6) % 7;
  sums.weekdays[weekday] = (sums.weekdays[weekday] ?? 0) + 1;
  sums.days[day] = (sums.days[day] ?? 0) - amount;
  add(sums.months, date.slice(0, 7), -amount);
}

/** Each running balance is the sum so far, and the last one is what the account has. */
function wrongBalances(lines: readonly AccountLine[], bookedMinor: bigint): number {
  let sum = 0n;
  let wrong = 0;
  for (const { amountMinor, balanceMinor } of lines) {
    sum += amountMinor;
    if (sum !== balanceMinor) wrong += 1;
  }
  return wrong + (sum === bookedMinor ? 0 : 1);
}

/** Each day's closing balance, from the account's first line to its last. */
function countDays(sums: Sums, lines: readonly AccountLine[]): void {
  const closings = new Map<LocalDate, bigint>();
  for (const { bookedAt, balanceMinor } of lines) closings.set(dateOf(bookedAt), balanceMinor);
  let before: { readonly date: LocalDate; readonly balanceMinor: bigint } | undefined;
  for (const [date, balanceMinor] of closings) {
    if (before) countSpan(sums, before, date);
    before = { date, balanceMinor };
  }
  if (lines.some(({ balanceMinor }) => balanceMinor < 0n)) sums.everOverdrawn += 1;
}

function countSpan(
  sums: Sums,
  { date, balanceMinor }: { readonly date: LocalDate; readonly balanceMinor: bigint },
  until: LocalDate,
): void {
  const days = (startOfDay(until) - startOfDay(date)) / MS_PER_DAY;
  const month = date.slice(0, 7);
  const known = sums.accountDays.get(month) ?? { below: 0, all: 0 };
  sums.accountDays.set(month, { below: known.below + (balanceMinor < 0n ? days : 0), all: known.all + days });
}

function conclude(sums: Sums, population: Population): Omit<Realism, 'bank' | 'customers'> {
  const { first, last } = sums;
  const days = first && last ? (startOfDay(last) - startOfDay(first)) / MS_PER_DAY + 1 : 1;
  const monthsLived = days / 30.4375;
  const overdrawn = [...sums.accountDays].sort().map(([month, { below, all }]) => ({ month, share: below / all }));
  // The month under way has not come to its end, nor has the first one had a beginning.
  const whole = overdrawn.filter(({ month }) => month > (first ?? '').slice(0, 7) && month < (last ?? '').slice(0, 7));
  const byMonth = [...sums.months].filter(([month]) => whole.some((one) => one.month === month)).sort();
  const levels = byMonth.map(([month, spent]) => ({ month, perDay: spent / daysOf(month) }));
  const mean = average(levels.map(({ perDay }) => perDay));
  return {
    accounts: sums.accounts,
    transactions: sums.transactions,
    from: first ?? '',
    to: last ?? '',
    spending: compareSpending(sums, population),
    weekdays: shares(sums.weekdays),
    daysOfMonth: levelsOfDays(sums.days),
    paydays: shares(sums.paydays),
    months: levels.map(({ month, perDay }) => ({ month, level: perDay / mean })),
    overdraft: {
      months: whole,
      mean: average(whole.map(({ share }) => share)),
      ever: sums.everOverdrawn / Math.max(1, sums.currents.length),
    },
    income: distribution(
      [...sums.incomes.values()].map((one) => one / monthsLived),
      INCOME_EDGES,
    ),
    currentBalance: distribution(sums.currents, BALANCE_EDGES),
    savingsBalance: distribution(sums.savings, SAVINGS_EDGES),
    firstDigits: firstDigits(sums.digits),
    runningBalances: { lines: sums.transactions, wrong: sums.wrong },
  };
}

function compareSpending(sums: Sums, { survey }: Population): Realism['spending'] {
  const expected = surveyShares(survey);
  const spent = [...expected.keys()].reduce((sum, name) => sum + (sums.byDivision.get(name) ?? 0), 0);
  const all = [...sums.byDivision.values()].reduce((sum, amount) => sum + amount, sums.unknown);
  return {
    source: survey.source,
    unit: survey.unit,
    divisions: [...expected].map(([division, share]) => ({
      division,
      share: (sums.byDivision.get(division) ?? 0) / Math.max(1, spent),
      survey: share,
    })),
    known: 1 - sums.unknown / Math.max(1, all),
  };
}

/** A year has twelve of most days, eleven of the 30th and seven of the 31st. */
function levelsOfDays(days: readonly number[]): readonly number[] {
  const perDay = days.map((spent, index) => spent / (index === 30 ? 7 : index === 29 ? 11 : index === 28 ? 11.25 : 12));
  const mean = average(perDay);
  return perDay.map((spent) => spent / mean);
}

function shares(counts: readonly number[]): readonly number[] {
  const total = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  return counts.map((count) => count / total);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function daysOf(month: string): number {
  return daysInMonth(Number(month.slice(0, 4)), Number(month.slice(5, 7)));
}

function add<Key>(map: Map<Key, number>, key: Key, amount: number): void {
  map.set(key, (map.get(key) ?? 0) + amount);
}
