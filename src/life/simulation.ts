import type { PostingDetail } from '../bank/index.js';
import { assert, dayOfWeek, parts, plusDays, startOfDay, type LocalDate, type Random } from '../kernel/index.js';
import { createAgenda, type Agenda } from './agenda.js';
import type { BankFile, BankProduct } from './bank-file.js';
import type { Book } from './book.js';
import { planCardSettlement, planMortgagePayment } from './borrowing.js';
import { createWorkingDays } from './calendar.js';
import { createCast } from './cast.js';
import { planClosing } from './closing.js';
import { countryOf } from './countries.js';
import type { Memory } from './memory.js';
import type { DayContext, Happening, RuleContext } from './moment.js';
import type { Persona } from './persona.js';
import { planBill, planIncome, planPayroll, planSweep, planTransfer } from './regular.js';
import type { Rule } from './rules.js';
import { createFavourites } from './shops.js';
import { createSpells } from './spells.js';
import { wordingOf } from './wording.js';
import { planCash, planSpending } from './spending.js';
import { planInvoicePayments, planRefunds, sendInvoices } from './work.js';
import { planAbroad } from './abroad.js';
import { planJob } from './job.js';
import { planArrival, planSurprise } from './surprises.js';
import { bankFileOf, merchantsOf, type World } from './world.js';

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
  /** Customers of this bank: those of the files, or drawn ones. */
  readonly personas: readonly Persona[];
  readonly random: Random;
}): Simulation {
  const { bankId, world, personas, random } = options;
  const bank = bankFileOf(world, bankId);
  const country = countryOf(bank.profile.country);
  assert(country, `customs of ${bank.profile.country}`);
  const products = productsByAccount(bank, personas);
  const wording = wordingOf(bank.languages[0]);
  const cast = createCast(country, random);
  const favourites = createFavourites(merchantsOf(world, bank), random, wording);
  const workingDays = createWorkingDays((year) => country.holidays(year));
  const interestBearing = [...products.keys()];
  const spells = createSpells(random);
  const sayings = new WeakMap<object, PostingDetail>();
  const said = (rule: object, say: () => PostingDetail): PostingDetail => {
    const known = sayings.get(rule) ?? say();
    sayings.set(rule, known);
    return known;
  };
  const agenda = createAgenda(personas, { workingDays, spells });
  const productOf = (account: string): BankProduct => {
    const product = products.get(account);
    assert(product, `a product of ${account}`);
    return product;
  };
  return {
    liveDay(book, memory, date) {
      const happenings: Happening[] = [];
      const daytime = plusDays(date, -1);
      const day: DayContext = {
        date,
        daytime,
        ...ofDay(daytime),
        bank,
        wording,
        book,
        memory,
        workingDays,
        cast,
        favourites,
        spells,
        said,
        productOf,
        plan: (happening) => happenings.push(happening),
      };
      planPersonas(day, agenda, random);
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

function planPersonas(day: DayContext, agenda: Agenda, random: Random): void {
  let today: { readonly id: string; readonly random: Random } | undefined;
  const randomOf = (id: string): Random => {
    if (today?.id !== id) today = { id, random: random.fork(`${id}/${day.date}`) };
    return today.random;
  };
  for (const { persona, rule, name, place } of agenda.due(day.date, day.daytime)) {
    planRule(rule, { ...day, persona, place, random: () => randomOf(persona.id).fork(name) });
  }
}

/** What every rule would ask again. */
function ofDay(daytime: LocalDate): Pick<DayContext, 'dawn' | 'weekday' | 'month'> {
  return { dawn: startOfDay(daytime), weekday: dayOfWeek(daytime), month: parts(daytime)[1] };
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
  job: planJob,
  surprise: planSurprise,
  arrival: planArrival,
  abroad: planAbroad,
};

function planRule<Kind extends Rule['kind']>(rule: Extract<Rule, { kind: Kind }>, context: RuleContext): void {
  (PLANNERS[rule.kind] as (rule: Extract<Rule, { kind: Kind }>, context: RuleContext) => void)(rule, context);
}
