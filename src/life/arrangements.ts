import type { Bank, NewArrangement, ArrangedPayee, PlannedRun, Planner, Recurrence } from '../bank/index.js';
import {
  assert,
  dateOf,
  instant,
  MS_PER_HOUR,
  plusDays,
  startOfDay,
  type Instant,
  type LocalDate,
  type Random,
} from '../kernel/index.js';
import type { LivedAccount, Transaction } from './book.js';
import { createWorkingDays, type Schedule, type WorkingDays } from './calendar.js';
import { createCast, type Cast } from './cast.js';
import { countryOf } from './countries.js';
import { DAY_ENDS_AT_HOUR, drawAmount, fullName } from './moment.js';
import type { Persona } from './persona.js';
import type { AmountRange } from './rule-fields.js';
import type { BillRule, Rule, TransferRule } from './rules.js';
import { personasOf, type World } from './world.js';

const PLANNER = 'life';
/** Rules run at least once a year, and a day that is no working day moves it a little. */
const LONGEST_WAIT_DAYS = 400;

/** What the planner needs to find the days and amounts of a rule again: as JSON values. */
interface Plan {
  readonly when: Schedule;
  readonly amount: { readonly from: string; readonly to: string };
  /** Names of the rule's stream of randomness on a day: persona and position of the rule. */
  readonly stream: readonly [string, string];
}

/** Tells the bank what its personas have arranged with it: payments that repeat, mandates, and people whom they pay. */
export async function recordArrangements(
  tx: Transaction,
  options: {
    readonly bank: Bank;
    readonly world: World;
    readonly random: Random;
    readonly accounts: readonly LivedAccount[];
    readonly began: LocalDate;
  },
): Promise<void> {
  const { bank, world, random, accounts, began } = options;
  const country = countryOf(bank.profile.country);
  assert(country, `customs of ${bank.profile.country}`);
  const keys = await bank.accounts.ofLedger(
    accounts.map(({ ledgerAccount }) => ledgerAccount),
    tx,
  );
  const stage: Stage = {
    cast: createCast(country, random),
    since: endOf(began),
    accounts: new Map(accounts.map((account) => [account.name, account])),
    idOf: (account) => keys.get(account.ledgerAccount)?.id,
    scheme: country.accountScheme,
  };
  for (const persona of personasOf(world, bank.profile.id)) {
    for (const arrangement of arrangementsOf(persona, stage)) await bank.arrangements.add(tx, arrangement);
  }
}

interface Stage {
  readonly cast: Cast;
  readonly since: Instant;
  readonly accounts: ReadonlyMap<string, LivedAccount>;
  idOf(account: LivedAccount): string | undefined;
  readonly scheme: NonNullable<ArrangedPayee['scheme']>;
}

function arrangementsOf(persona: Persona, stage: Stage): readonly NewArrangement[] {
  const made: NewArrangement[] = [];
  const payees = new Set<string>();
  for (const [index, rule] of persona.rules.entries()) {
    for (const paid of paymentsOf(rule, persona, { stage, place: `${persona.id}/${String(index)}` })) {
      const { accountId, payee, reference } = paid;
      if (paid.kind !== 'beneficiary') {
        made.push({
          kind: paid.kind,
          accountId,
          payee,
          reference,
          recurring: recurringOf(paid, persona, index, stage),
        });
      }
      const key = JSON.stringify([accountId, payee]);
      if (paid.isOwn || paid.kind === 'direct-debit' || payees.has(key)) continue;
      payees.add(key);
      made.push({ kind: 'beneficiary', accountId, payee, reference });
    }
  }
  return made;
}

interface Paid {
  readonly kind: NewArrangement['kind'];
  readonly rule: BillRule | TransferRule;
  readonly accountId: string;
  readonly payee: ArrangedPayee;
  readonly reference: string;
  /** Between accounts of the same persona. */
  readonly isOwn: boolean;
}

const KINDS = { 'direct-debit': 'direct-debit', 'standing-order': 'standing-order', rent: 'standing-order' } as const;

function paymentsOf(
  rule: Rule,
  persona: Persona,
  { stage, place }: { readonly stage: Stage; readonly place: string },
): readonly Paid[] {
  if (rule.kind !== 'bill' && rule.kind !== 'transfer') return [];
  const from = stage.accounts.get(fullName(persona, rule.from));
  const accountId = from && stage.idOf(from);
  if (accountId === undefined) return [];
  const kind = Object.hasOwn(KINDS, rule.code) ? KINDS[rule.code as keyof typeof KINDS] : 'beneficiary';
  const to = rule.kind === 'transfer' ? stage.accounts.get(fullName(persona, rule.to)) : undefined;
  if (rule.kind === 'transfer' && !to) return [];
  const outsider = stage.cast.outsider(rule.to, place);
  const payee: ArrangedPayee = to
    ? { name: to.holderName, scheme: stage.scheme, identification: to.identification }
    : kind === 'direct-debit'
      ? // The bank of a direct debit's collector is not told to the payer.
        { name: outsider.name }
      : outsider;
  const isOwn = to?.name.startsWith(`${persona.id}/`) === true;
  return [{ kind, rule, accountId, payee, reference: rule.reference, isOwn }];
}

function recurringOf(
  { rule }: Paid,
  persona: Persona,
  index: number,
  { since }: Stage,
): NonNullable<NewArrangement['recurring']> {
  const { amount, when, code } = rule;
  const plan: Plan = {
    when,
    amount: { from: String(amount.fromMinor), to: String(amount.toMinor) },
    stream: [persona.id, String(index)],
  };
  const ifClosed = 'shift' in when ? IF_CLOSED[when.shift] : undefined;
  return {
    recurrence: recurrenceOf(when),
    ...(ifClosed !== undefined && { ifClosed }),
    since,
    isFixed: amount.fromMinor === amount.toMinor,
    code,
    planner: PLANNER,
    plan,
  };
}

const IF_CLOSED = { next: 'following', previous: 'preceding', none: undefined } as const;

function recurrenceOf(when: Schedule): Recurrence {
  switch (when.every) {
    case 'weeks':
      return { every: 'weeks', weeks: when.weeks };
    case 'last-working-day':
      return { every: 'last-working-day' };
    case 'month':
      return when.months
        ? { every: 'year', inMonths: when.months, day: when.day }
        : { every: 'months', months: 1, day: when.day };
  }
}

/** Makes the bank ask life when these arrangements run. Call once per bank and process. */
export function planArrangements(bank: Bank, random: Random): void {
  const country = countryOf(bank.profile.country);
  assert(country, `customs of ${bank.profile.country}`);
  bank.arrangements.plannedBy(
    PLANNER,
    createPlanner(
      createWorkingDays((year) => country.holidays(year)),
      random,
    ),
  );
}

/** Days and amounts are those that the simulation finds, since it asks the same calendar and the same streams. */
function createPlanner(workingDays: WorkingDays, random: Random): Planner {
  const find = (plan: Plan, from: LocalDate, step: 1 | -1): PlannedRun | undefined => {
    for (let away = 0; away <= LONGEST_WAIT_DAYS; away += 1) {
      const day = plusDays(from, step * away);
      if (workingDays.isDue(plan.when, day)) return { day, amountMinor: amountOn(plan, day, random) };
    }
    return undefined;
  };
  return {
    nextRun: (plan, at) => find(plan as Plan, plusDays(lastEnded(at), 1), 1),
    lastRun: (plan, at) => find(plan as Plan, lastEnded(at), -1),
  };
}

function amountOn({ amount, stream }: Plan, day: LocalDate, random: Random): bigint {
  const [persona, rule] = stream;
  const range: AmountRange = { fromMinor: BigInt(amount.from), toMinor: BigInt(amount.to) };
  return drawAmount(range, random.fork(`${persona}/${day}`).fork(rule));
}

function endOf(date: LocalDate): Instant {
  return instant(startOfDay(date) + DAY_ENDS_AT_HOUR * MS_PER_HOUR);
}

function lastEnded(at: Instant): LocalDate {
  const today = dateOf(at);
  return endOf(today) <= at ? today : plusDays(today, -1);
}
