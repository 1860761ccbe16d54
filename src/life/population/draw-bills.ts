import type { Rule } from '../rules.js';
import type { Circumstances } from './circumstances.js';
import { between, minor, rounded, spread, weighted } from './draw.js';
import type { Bill } from './population-file.js';

/** Regular payments, and what they take of an income. Minor units a month. */
export interface DrawnBills {
  readonly rules: readonly Rule[];
  readonly spentMinor: number;
  /** Owed at the beginning; 0 without a mortgage. */
  readonly loanMinor: bigint;
}

/** A loan is this many monthly payments, more or less. */
const PAYMENTS_LEFT = { from: 120, to: 210 } as const;
/** Nobody pays rent and the like out of what would leave less than this part for living. */
const MOST_FOR_BILLS = 0.72;
const MONTHS_A_YEAR = 12;
const LAST_BILL_DAY = 26;

export function drawBills(own: Circumstances): DrawnBills {
  const home = drawHome(own);
  const rules: Rule[] = [...home.rules];
  let spent = home.spentMinor;
  for (const bill of own.population.bills) {
    const drawn = drawBill(bill, own);
    if (!drawn || spent + drawn.aMonth > own.income * MOST_FOR_BILLS) continue;
    rules.push(drawn.rule);
    spent += drawn.aMonth;
  }
  if (!own.has.savings) return { rules, spentMinor: spent, loanMinor: home.loanMinor };
  const saved = drawSaving(own, own.income - spent);
  return { rules: [...rules, ...saved.rules], spentMinor: spent + saved.aMonth, loanMinor: home.loanMinor };
}

function drawHome({ population, housing, income, random, town }: Circumstances): DrawnBills {
  if (housing === 'owner') return { rules: [], spentMinor: 0, loanMinor: 0n };
  const aMonth = rounded(income * between(population[housing], random) * Math.sqrt(town.cost), 500);
  const spentMinor = Number(aMonth);
  if (housing === 'rent') {
    const day = weighted(
      [{ day: 1, weight: 70 }, ...[3, 5, 15, 28].map((one) => ({ day: one, weight: 7 }))],
      random,
    ).day;
    const rule: Rule = {
      kind: 'bill',
      code: 'rent',
      from: 'current',
      to: '~person',
      amount: { fromMinor: aMonth, toMinor: aMonth },
      reference: population.rent.reference,
      when: { every: 'month', day, shift: 'next' },
    };
    return { rules: [rule], spentMinor, loanMinor: 0n };
  }
  const rule: Rule = {
    kind: 'mortgage',
    from: 'current',
    loan: 'mortgage',
    amountMinor: aMonth,
    when: { every: 'month', day: 1, shift: 'next' },
  };
  return { rules: [rule], spentMinor, loanMinor: aMonth * BigInt(random.int(PAYMENTS_LEFT.from, PAYMENTS_LEFT.to)) };
}

function drawBill(bill: Bill, own: Circumstances): { readonly rule: Rule; readonly aMonth: number } | undefined {
  const { random, size, age, housing, wealth } = own;
  if (!random.chance(bill.chance)) return undefined;
  if (size < bill.minSize || age > bill.maxAge || !bill.housing.includes(housing)) return undefined;
  const monthly = Number(bill.monthlyMinor) * (1 + bill.perSize * (size - 1)) * spread(bill.spread, random);
  const amountMinor = minor(monthly * Math.pow(wealth, 0.35));
  const day = random.int(1, LAST_BILL_DAY);
  const rule: Rule = {
    kind: 'bill',
    code: 'direct-debit',
    from: 'current',
    to: random.pick(bill.to),
    amount: { fromMinor: amountMinor, toMinor: amountMinor },
    reference: `${bill.reference} ${String(random.int(1000, 9999))}`,
    ...(bill.season && { season: bill.season }),
    when: { every: 'month', day, ...(bill.months && { months: bill.months }), shift: 'next' },
  };
  return { rule, aMonth: (Number(amountMinor) * (bill.months?.length ?? MONTHS_A_YEAR)) / MONTHS_A_YEAR };
}

/** A standing order to savings, what is left over beside it, and a holiday out of it. */
function drawSaving(
  { population, income, random }: Circumstances,
  left: number,
): { readonly rules: readonly Rule[]; readonly aMonth: number } {
  const { saving, holiday } = population;
  const aMonth = rounded(Math.min(income * between(saving, random), left * 0.25), 500);
  const keep = minor(income * between({ from: 1, to: 1.8 }, random));
  const month = random.pick(holiday.months);
  const rules: Rule[] = [
    {
      kind: 'transfer',
      code: 'standing-order',
      from: 'current',
      to: 'savings',
      amount: { fromMinor: aMonth, toMinor: aMonth },
      reference: saving.reference,
      when: { every: 'month', day: random.int(1, 5), shift: 'next' },
    },
    {
      kind: 'sweep',
      from: 'current',
      to: 'savings',
      keepMinor: keep,
      atLeastMinor: 5_000n,
      reference: saving.sweep,
      when: { every: 'last-working-day' },
    },
    {
      kind: 'sweep',
      from: 'savings',
      to: holiday.to,
      keepMinor: minor(income * between({ from: 0.5, to: 4 }, random)),
      atLeastMinor: minor(income * 0.12),
      atMostMinor: minor(income * between({ from: 0.3, to: 0.9 }, random)),
      reference: holiday.reference,
      when: { every: 'month', day: 12, months: [month], shift: 'next' },
    },
  ];
  return { rules, aMonth: Number(aMonth) };
}
