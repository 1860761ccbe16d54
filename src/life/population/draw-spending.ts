import type { Rule, SpendingRule } from '../rules.js';
import type { Circumstances } from './circumstances.js';
import { between, minor, spread } from './draw.js';
import type { Habit } from './population-file.js';

const WEEKS_A_MONTH = 365.25 / 7 / 12;
/** The mean of prices that are nearer to the least (see PriceRange). */
const MEAN_OF_RANGE = 0.25;
/** However much the bills take. */
const LEAST_FOR_LIVING = 0.16;
/** How far a card with a limit is filled by those who do not pay it off. */
const FILLED = 0.85;

/** Card payments, cash, and what is rare, out of what the bills leave. */
export function drawSpending(own: Circumstances, spentMinor: number): readonly Rule[] {
  const { population, random, income, household, limit, town, has } = own;
  // Some live below their means, others a little above.
  const temper = between({ from: 0.9, to: 1.04 }, random);
  const budget = Math.max(income * LEAST_FOR_LIVING, income - spentMinor) * temper;
  const cash = Math.min(budget * 0.12, household.cashPerWeek * WEEKS_A_MONTH * meanNote(population.notesMinor));
  const weekly = (budget - cash) / WEEKS_A_MONTH;
  const dearness = Math.max(0.75, Math.min(1.6, Math.pow(own.wealth, 0.4)));
  const habits = drawHabits(own, { weekly, dearness });
  const isStretched = has.overdraft && random.chance(0.6);
  const floorMinor = isStretched
    ? -BigInt(Math.round(limit * between({ from: 0.45, to: 0.95 }, random)))
    : minor(income * 0.03);
  const comfortMinor = minor(budget * between({ from: 0.35, to: isStretched ? 0.5 : 0.9 }, random));
  const usual = {
    kind: 'spending',
    town: town.name,
    seasons: population.seasons,
    dearness,
    disputesPerMillion: population.disputesPerMillion,
  } as const;
  const rules: Rule[] = [{ ...usual, account: 'current', floorMinor, comfortMinor, habits: habits.direct }];
  if (has.card) rules.push(...drawCard(own, { ...usual, habits: habits.byCard }, { budget, isStretched }));
  return [...rules, ...drawCash(own), ...drawRare(own, floorMinor)];
}

/** Visits a week, so that together they cost what there is. */
function drawHabits(
  { population, merchants, household, random, has, wealth, size }: Circumstances,
  { weekly, dearness }: { readonly weekly: number; readonly dearness: number },
): { readonly direct: SpendingRule['habits']; readonly byCard: SpendingRule['habits'] } {
  const wanted = [...population.habits].map(([category, habit]) => {
    const liking = (household.likes[category] ?? 1) * spread(0.35, random);
    return { category, habit, amount: habit.weekly * Math.pow(wealth, habit.growth) * liking * heads(category, size) };
  });
  const total = wanted.reduce((sum, { amount }) => sum + amount, 0);
  const visits = (byCard: boolean): Record<string, number> =>
    Object.fromEntries(
      wanted
        .filter(({ habit, amount }) => amount > 0 && isByCard(habit, has.card) === byCard)
        .map(({ category, amount }) => [
          category,
          (weekly * amount) /
            total /
            (meanPrice(merchants.get(category)) * dearness * meanRhythm(merchants.get(category))),
        ]),
    );
  return { direct: visits(false), byCard: visits(true) };
}

/** More mouths eat more. */
function heads(category: string, size: number): number {
  return category === 'groceries' ? Math.pow(size, 0.45) : 1;
}

function isByCard({ byCard }: Habit, hasCard: boolean): boolean {
  return byCard && hasCard;
}

type Category = ReturnType<Circumstances['merchants']['get']>;

function meanPrice(category: Category): number {
  if (!category) return Number.POSITIVE_INFINITY;
  const { fromMinor, toMinor } = category.price;
  return Number(fromMinor) + Number(toMinor - fromMinor) * MEAN_OF_RANGE;
}

function meanRhythm(category: Category): number {
  if (!category) return 1;
  const { weekday, saturday, sunday } = category.rhythm;
  return (5 * weekday + saturday + sunday) / 7;
}

/** A credit card that is paid off, or of which a share is. */
function drawCard(
  { random, income }: Circumstances,
  spending: Omit<SpendingRule, 'account' | 'floorMinor' | 'comfortMinor'>,
  { budget, isStretched }: { readonly budget: number; readonly isStretched: boolean },
): readonly Rule[] {
  const revolves = random.chance(isStretched ? 0.9 : 0.2);
  const filled = minor(revolves ? income * FILLED : budget);
  return [
    { ...spending, account: 'card', floorMinor: -filled, comfortMinor: minor(Number(filled) * 0.6) },
    {
      kind: 'card-settlement',
      from: 'current',
      card: 'card',
      ...(revolves && { share: Math.round(between({ from: 0.06, to: 0.35 }, random) * 100) / 100 }),
      when: { every: 'month', day: random.int(5, 27), shift: 'next' },
    },
  ];
}

function drawCash({ population, household, random, income, town, limit }: Circumstances): readonly Rule[] {
  const perWeek = household.cashPerWeek * spread(0.4, random);
  if (perWeek < 0.05) return [];
  const most = random.int(1, population.notesMinor.length);
  const floorMinor = limit > 0 ? -minor(limit * 0.5) : minor(income * 0.02);
  const notesMinor = population.notesMinor.slice(Math.max(0, most - 3), most);
  return [{ kind: 'cash', account: 'current', town: town.name, perWeek: Math.min(7, perWeek), floorMinor, notesMinor }];
}

function meanNote(notesMinor: readonly bigint[]): number {
  return notesMinor.reduce((sum, note) => sum + Number(note), 0) / Math.max(1, notesMinor.length);
}

function drawRare(
  { population, housing, town, random, wealth, has }: Circumstances,
  floorMinor: bigint,
): readonly Rule[] {
  const surprises = population.surprises
    .filter((surprise) => surprise.housing.includes(housing))
    .map(({ perYear, category, amount }): Rule => ({
      kind: 'surprise',
      account: 'current',
      town: town.name,
      category,
      perYear,
      amount,
    }));
  const { abroad } = population;
  const perYear = Math.min(4, abroad.perYear * wealth * spread(0.5, random));
  if (perYear < 0.2) return surprises;
  const account = has.card ? 'card' : 'current';
  const floor = has.card ? -1_000_000n : floorMinor;
  return [...surprises, { kind: 'abroad', account, ...abroad, perYear, floorMinor: floor }];
}
