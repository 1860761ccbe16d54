import type { Schedule } from './calendar.js';
import type { Fields } from './fixture-fields.js';
import { RARE_READERS, type RareRule } from './rare-rules.js';
import { positiveAmount, readAmount, readSchedule, regular, type AmountRange } from './rule-fields.js';
import { readSeason, readSeasons, type Season, type Seasons } from './seasons.js';

interface Timed {
  readonly when: Schedule;
}

/** Money from outside the bank. A payer or payee written `~person` or `~company` is drawn from the seed. */
export interface IncomeRule extends Timed {
  readonly kind: 'income';
  readonly code: 'salary' | 'benefit' | 'pension' | 'transfer-in' | 'invoice';
  readonly from: string;
  readonly into: string;
  readonly amount: AmountRange;
  readonly reference: string;
}

export interface BillRule extends Timed {
  readonly kind: 'bill';
  readonly code: 'direct-debit' | 'standing-order' | 'rent' | 'tax' | 'transfer-out';
  readonly from: string;
  readonly to: string;
  readonly amount: AmountRange;
  readonly reference: string;
  /** What the month makes of it: heating costs more in winter. */
  readonly season?: Season;
}

/** Between accounts of this bank: `savings` is the persona's own, `persona/account` somebody else's. */
export interface TransferRule extends Timed {
  readonly kind: 'transfer';
  readonly code: 'standing-order' | 'transfer-out' | 'rent';
  readonly from: string;
  readonly to: string;
  readonly amount: AmountRange;
  readonly reference: string;
}

/** What is above `keep` goes to savings, or out of the bank where `to` is no account: what keeps a balance plausible. */
export interface SweepRule extends Timed {
  readonly kind: 'sweep';
  readonly from: string;
  readonly to: string;
  readonly keepMinor: bigint;
  readonly atLeastMinor: bigint;
  readonly atMostMinor?: bigint;
  readonly reference: string;
}

export interface MortgageRule extends Timed {
  readonly kind: 'mortgage';
  readonly from: string;
  readonly loan: string;
  readonly amountMinor: bigint;
}

export interface CardSettlementRule extends Timed {
  readonly kind: 'card-settlement';
  readonly from: string;
  readonly card: string;
  /** Of what is owed, by somebody who does not pay it all off; the rest then costs interest. */
  readonly share?: number;
}

export interface SpendingRule {
  readonly kind: 'spending';
  readonly account: string;
  readonly town: string;
  /** The balance that this person does not like to go below. */
  readonly floorMinor: bigint;
  /** With this much above the floor she lives as usual; with less she spends less, with more a little more. */
  readonly comfortMinor: bigint;
  /** Visits a week by category of merchant. */
  readonly habits: Readonly<Record<string, number>>;
  /** By category. */
  readonly seasons?: Seasons;
  /** What she pays compared with what the shops' files say. */
  readonly dearness?: number;
  /** Of a million purchases, how many she disputes and gets back by her bank. */
  readonly disputesPerMillion?: number;
}

export interface CashRule {
  readonly kind: 'cash';
  readonly account: string;
  readonly town: string;
  readonly perWeek: number;
  readonly floorMinor: bigint;
  readonly notesMinor: readonly bigint[];
}

/** Work that is invoiced in irregular amounts, and paid late. */
export interface InvoicesRule {
  readonly kind: 'invoices';
  readonly into: string;
  readonly clients: number;
  /** The chance that a working day ends with an invoice sent. */
  readonly perWorkingDay: number;
  readonly amount: AmountRange;
  readonly paidAfterDays: { readonly from: number; readonly to: number };
  readonly prefix: string;
}

export interface PayrollRule extends Timed {
  readonly kind: 'payroll';
  readonly from: string;
  readonly employees: readonly Employee[];
}

export interface Employee {
  /** `persona/account` for a customer of this bank; else drawn. */
  readonly to?: string;
  readonly amountMinor: bigint;
}

export type Rule =
  | IncomeRule
  | BillRule
  | TransferRule
  | SweepRule
  | MortgageRule
  | CardSettlementRule
  | SpendingRule
  | CashRule
  | InvoicesRule
  | PayrollRule
  | RareRule;

const READERS: { readonly [Kind in Rule['kind']]: (fields: Fields) => Extract<Rule, { kind: Kind }> } = {
  income: (fields) => ({
    kind: 'income',
    code: fields.oneOf('code', ['salary', 'benefit', 'pension', 'transfer-in', 'invoice']),
    from: fields.text('from'),
    into: fields.text('into'),
    ...regular(fields),
  }),
  bill: (fields) => ({
    kind: 'bill',
    code: fields.oneOf('code', ['direct-debit', 'standing-order', 'rent', 'tax', 'transfer-out']),
    from: fields.text('from'),
    to: fields.text('to'),
    ...regular(fields),
    ...(fields.has('season') && { season: readSeason(fields, 'season') }),
  }),
  transfer: (fields) => ({
    kind: 'transfer',
    code: fields.oneOf('code', ['standing-order', 'transfer-out', 'rent']),
    from: fields.text('from'),
    to: fields.text('to'),
    ...regular(fields),
  }),
  sweep: (fields) => ({
    kind: 'sweep',
    from: fields.text('from'),
    to: fields.text('to'),
    keepMinor: fields.amount('keep'),
    atLeastMinor: fields.amount('atLeast'),
    ...(fields.has('atMost') && { atMostMinor: fields.amount('atMost') }),
    reference: fields.text('reference'),
    when: readSchedule(fields.object('when')),
  }),
  mortgage: (fields) => ({
    kind: 'mortgage',
    from: fields.text('from'),
    loan: fields.text('loan'),
    amountMinor: fields.amount('amount'),
    when: readSchedule(fields.object('when')),
  }),
  'card-settlement': (fields) => ({
    kind: 'card-settlement',
    from: fields.text('from'),
    card: fields.text('card'),
    ...(fields.has('share') && { share: fields.decimal('share', 0.01, 1) }),
    when: readSchedule(fields.object('when')),
  }),
  spending: (fields) => ({
    kind: 'spending',
    account: fields.text('account'),
    town: fields.text('town'),
    floorMinor: fields.amount('floor'),
    comfortMinor: positiveAmount(fields, 'comfort'),
    habits: readHabits(fields.object('habits')),
    ...(fields.has('seasons') && { seasons: readSeasons(fields.object('seasons')) }),
    ...(fields.has('dearness') && { dearness: fields.decimal('dearness', 0.1, 10) }),
    ...(fields.has('disputesPerMillion') && { disputesPerMillion: fields.whole('disputesPerMillion', 0, 1_000_000) }),
  }),
  cash: (fields) => ({
    kind: 'cash',
    account: fields.text('account'),
    town: fields.text('town'),
    perWeek: fields.decimal('perWeek', 0, 7),
    floorMinor: fields.amount('floor'),
    notesMinor: fields
      .list('notes')
      .map((note) =>
        typeof note === 'number' && Number.isInteger(note) && note > 0 && note % 5 === 0
          ? BigInt(note) * fields.minorPerUnit()
          : fields.fail('notes', 'a list of whole amounts in steps of 5'),
      ),
  }),
  invoices: (fields) => {
    const paid = fields.object('paidAfterDays');
    const paidAfterDays = { from: paid.whole('from', 1, 365), to: paid.whole('to', 1, 365) };
    paid.end();
    return {
      kind: 'invoices',
      into: fields.text('into'),
      clients: fields.whole('clients', 1, 50),
      perWorkingDay: fields.decimal('perWorkingDay', 0, 1),
      amount: readAmount(fields),
      paidAfterDays,
      prefix: fields.text('prefix'),
    };
  },
  payroll: (fields) => ({
    kind: 'payroll',
    from: fields.text('from'),
    employees: fields.objects('employees').map(readEmployee),
    when: readSchedule(fields.object('when')),
  }),
  ...RARE_READERS,
};

/** One thing that a persona does again and again. */
export function readRule(fields: Fields): Rule {
  const kind = fields.oneOf('kind', Object.keys(READERS) as Rule['kind'][]);
  const rule = READERS[kind](fields);
  fields.end();
  return rule;
}

function readHabits(fields: Fields): Readonly<Record<string, number>> {
  return Object.fromEntries(fields.keys().map((category) => [category, fields.decimal(category, 0, 50)]));
}

function readEmployee(fields: Fields): Employee {
  const to = fields.optionalText('to');
  const employee = { ...(to !== undefined && { to }), amountMinor: positiveAmount(fields, 'amount') };
  fields.end();
  return employee;
}
