import { assert, plusDays, type LocalDate, type Random } from '../kernel/index.js';
import type { BankFile, BankProduct } from './bank-file.js';
import type { Book } from './book.js';
import { planCardSettlement, planMortgagePayment } from './borrowing.js';
import { createWorkingDays, type Schedule, type WorkingDays } from './calendar.js';
import { createCast } from './cast.js';
import { planClosing } from './closing.js';
import { countryOf } from './countries.js';
import type { Memory } from './memory.js';
import type { DayContext, Happening, RuleContext } from './moment.js';
import type { Persona } from './persona.js';
import { planBill, planIncome, planPayroll, planSweep, planTransfer } from './regular.js';
import type { Rule } from './rules.js';
import { createFavourites } from './shops.js';
import { wordingOf } from './wording.js';
import { planCash, planSpending } from './spending.js';
import { planInvoicePayments, planRefunds, sendInvoices } from './work.js';
import { bankFileOf, merchantsOf, personasOf, type World } from './world.js';

/** Lives the days of one bank's personas, one after the other. */
export interface Simulation {
  /**
   * Plans what may happen on a day, puts it in order of time, and lets it happen as far as the money goes. The result
   * depends on seed, date, balances and memory, and on nothing else.
   */
  liveDay(book: Book, memory: Memory, date: LocalDate): void;
}

export function createSimulation(options: {
  readonly bankId: string;
  readonly world: World;
  readonly random: Random;
}): Simulation {
  const { bankId, world, random } = options;
  const bank = bankFileOf(world, bankId);
  const country = countryOf(bank.profile.country);
  assert(country, `customs of ${bank.profile.country}`);
  const personas = personasOf(world, bankId);
  const products = productsByAccount(bank, personas);
  const wording = wordingOf(bank.languages[0]);
  const cast = createCast(country, random);
  const favourites = createFavourites(merchantsOf(world, bank), random);
  const workingDays = createWorkingDays((year) => country.holidays(year));
  const interestBearing = [...products.keys()];
  const productOf = (account: string): BankProduct => {
    const product = products.get(account);
    assert(product, `a product of ${account}`);
    return product;
  };
  return {
    liveDay(book, memory, date) {
      const happenings: Happening[] = [];
      const day: DayContext = {
        date,
        daytime: plusDays(date, -1),
        bank,
        wording,
        book,
        memory,
        workingDays,
        cast,
        favourites,
        productOf,
        plan: (happening) => happenings.push(happening),
      };
      for (const persona of personas) planPersona(day, persona, random);
      planInvoicePayments(day, () => random.fork(`invoices/${date}`));
      planRefunds(day, () => random.fork(`refunds/${date}`));
      planClosing(day, interestBearing);
      // Sorting is stable: what is planned for the same second happens in the order of the files.
      happenings.sort((a, b) => a.at - b.at);
      for (const { at, act } of happenings) act(at);
      memory.date = date;
    },
  };
}

function productsByAccount(bank: BankFile, personas: readonly Persona[]): ReadonlyMap<string, BankProduct> {
  const products = new Map<string, BankProduct>();
  for (const persona of personas) {
    for (const account of persona.accounts) {
      const product = bank.products.find(({ id }) => id === account.product);
      // An account that is opened at the first start has no past, and nothing lives on it until its owner does.
      if (product && account.opened === 'history') products.set(`${persona.id}/${account.key}`, product);
    }
  }
  return products;
}

function planPersona(day: DayContext, persona: Persona, random: Random): void {
  let today: Random | undefined;
  for (const [index, rule] of persona.rules.entries()) {
    if (!isToday(rule, day.date, day.workingDays)) continue;
    const name = String(index);
    const context: RuleContext = {
      ...day,
      persona,
      place: `${persona.id}/${name}`,
      random: () => (today ??= random.fork(`${persona.id}/${day.date}`)).fork(name),
    };
    planRule(rule, context);
  }
}

function isToday(rule: Rule, date: LocalDate, workingDays: WorkingDays): boolean {
  const schedule: Schedule | undefined = 'when' in rule ? rule.when : undefined;
  return schedule === undefined || workingDays.isDue(schedule, date);
}

const PLANNERS: {
  readonly [Kind in Rule['kind']]: (rule: Extract<Rule, { kind: Kind }>, context: RuleContext) => void;
} = {
  income: planIncome,
  bill: planBill,
  transfer: planTransfer,
  sweep: planSweep,
  mortgage: planMortgagePayment,
  'card-settlement': planCardSettlement,
  spending: planSpending,
  cash: planCash,
  invoices: sendInvoices,
  payroll: planPayroll,
};

function planRule<Kind extends Rule['kind']>(rule: Extract<Rule, { kind: Kind }>, context: RuleContext): void {
  (PLANNERS[rule.kind] as (rule: Extract<Rule, { kind: Kind }>, context: RuleContext) => void)(rule, context);
}
