import { SandbankError } from '../../kernel/index.js';
import type { Schedule } from '../calendar.js';
import { countryOf } from '../countries.js';
import type { Fields } from '../fixture-fields.js';
import { readFixture } from '../fixture-fields.js';
import { readPlace, readAmountOf, type ForeignPlace } from '../rare-rules.js';
import { readSchedule, readWholes, type AmountRange, type WholeRange } from '../rule-fields.js';
import { readSeason, readSeasons, type Season, type Seasons } from '../seasons.js';
import { readSurvey, type Survey } from './survey.js';

/** How the customers of a country are drawn: distributions as data. */
export interface Population {
  readonly country: string;
  /** Everybody's: drawn customers are for load, and their logins are published with the file. */
  readonly password: string;
  readonly mail: string;
  readonly titles: {
    readonly female: readonly string[];
    readonly male: readonly string[];
    readonly holder: 'initials' | 'name';
  };
  readonly survey: Survey;
  readonly towns: readonly Town[];
  readonly streets: readonly string[];
  readonly pay: readonly PayDay[];
  readonly employers: readonly string[];
  readonly households: readonly Household[];
  readonly products: {
    readonly current: string;
    readonly savings: string;
    readonly card: string;
    readonly mortgage: string;
  };
  readonly rent: Share & { readonly reference: string };
  readonly mortgage: Share;
  readonly saving: Share & { readonly reference: string; readonly sweep: string };
  /** Whole units of the currency. */
  readonly overdraft: WholeRange;
  readonly holiday: {
    readonly to: string;
    readonly reference: string;
    readonly division: string;
    readonly months: readonly number[];
  };
  readonly wages: Wages;
  readonly job: { readonly lostPerYear: number; readonly monthsWithout: WholeRange; readonly support: ShareOfWages };
  readonly arrival: Arrival;
  readonly surprises: readonly Surprise[];
  readonly bills: readonly Bill[];
  readonly habits: ReadonlyMap<string, Habit>;
  readonly seasons: Seasons;
  readonly notesMinor: readonly bigint[];
  readonly disputesPerMillion: number;
  readonly abroad: Abroad;
}

export interface Town {
  readonly name: string;
  readonly postCode: string;
  readonly county?: string;
  readonly weight: number;
  /** Of living there, compared with the country. */
  readonly cost: number;
}

export interface PayDay {
  readonly weight: number;
  readonly perYear: number;
  readonly when: Schedule;
}

/** Part of an income. */
export interface Share {
  readonly from: number;
  readonly to: number;
}

export type Housing = 'rent' | 'mortgage' | 'owner';
const HOUSINGS: readonly Housing[] = ['rent', 'mortgage', 'owner'];

export interface Household {
  readonly id: string;
  readonly story: string;
  readonly weight: number;
  readonly age: WholeRange;
  readonly size: WholeRange;
  readonly income: {
    readonly kind: 'job' | 'pension' | 'benefit';
    readonly medianMinor: bigint;
    readonly sigma: number;
  };
  readonly housing: Readonly<Record<Housing, number>>;
  /** Chances of having one. */
  readonly savings: number;
  readonly card: number;
  readonly overdraft: number;
  readonly cashPerWeek: number;
  readonly likes: Readonly<Record<string, number>>;
}

export interface Wages {
  readonly reference: string;
  readonly benefitFrom: string;
  readonly benefit: string;
  readonly pensionFrom: string;
  readonly pension: string;
}

export interface ShareOfWages {
  readonly from: string;
  readonly reference: string;
  readonly share: number;
}

export interface Arrival {
  readonly perYear: number;
  readonly ages: WholeRange;
  readonly months: WholeRange;
  readonly first: AmountRange;
  readonly perWeek: number;
  readonly category: string;
  readonly support: { readonly from: string; readonly amountMinor: bigint; readonly reference: string };
}

export interface Surprise {
  readonly perYear: number;
  readonly category: string;
  readonly amount: AmountRange;
  readonly housing: readonly Housing[];
}

export interface Bill {
  readonly to: readonly string[];
  readonly reference: string;
  /** Of the survey; `none` for what it does not count. */
  readonly division: string;
  readonly monthlyMinor: bigint;
  readonly spread: number;
  readonly perSize: number;
  readonly chance: number;
  readonly season?: Season;
  readonly months?: readonly number[];
  readonly housing: readonly Housing[];
  readonly minSize: number;
  readonly maxAge: number;
}

export interface Habit {
  readonly weekly: number;
  readonly growth: number;
  readonly byCard: boolean;
}

export interface Abroad {
  readonly perYear: number;
  readonly days: WholeRange;
  readonly perDay: number;
  readonly feeBps: number;
  readonly places: readonly ForeignPlace[];
}

/** Reads `populations/<country>.yaml`. Throws `configuration.invalid` naming the file and the key. */
export function readPopulation(fixturesDir: string, country: string): Population {
  const shownAs = `populations/${country.toLowerCase()}.yaml`;
  const currency = countryOf(country)?.currency;
  if (currency === undefined) throw new SandbankError('configuration.invalid', `Nothing is known of ${country}.`);
  const fields = readFixture({ path: `${fixturesDir}/${shownAs}`, shownAs, currency });
  if (fields.text('country') !== country) fields.fail('country', `${country}, as the file is called`);
  const population = { ...readPeople(fields), ...readMeans(fields), ...readChances(fields), ...readSpending(fields) };
  fields.end();
  return { country, ...population };
}

function readPeople(fields: Fields) {
  return {
    password: fields.text('password'),
    mail: fields.text('mail'),
    titles: within(fields, 'titles', (titles) => ({
      female: texts(titles, 'female'),
      male: texts(titles, 'male'),
      holder: titles.oneOf('holder', ['initials', 'name']),
    })),
    survey: within(fields, 'survey', readSurvey),
    towns: each(fields, 'towns', readTown),
    streets: fields.texts('streets', /./),
    households: each(fields, 'households', readHousehold),
    products: within(fields, 'products', (products) => ({
      current: products.text('current'),
      savings: products.text('savings'),
      card: products.text('card'),
      mortgage: products.text('mortgage'),
    })),
  };
}

function readMeans(fields: Fields) {
  return {
    pay: each(fields, 'pay', (pay) => ({
      weight: pay.decimal('weight', 0, 1000),
      perYear: pay.whole('perYear', 1, 52),
      when: readSchedule(pay.object('when')),
    })),
    employers: fields.texts('employers', /./),
    wages: within(fields, 'wages', (wages) => ({
      reference: wages.text('reference'),
      benefitFrom: wages.text('benefitFrom'),
      benefit: wages.text('benefit'),
      pensionFrom: wages.text('pensionFrom'),
      pension: wages.text('pension'),
    })),
    rent: within(fields, 'rent', (rent) => ({ ...share(rent), reference: rent.text('reference') })),
    mortgage: within(fields, 'mortgage', share),
    saving: within(fields, 'saving', (saving) => ({
      ...share(saving),
      reference: saving.text('reference'),
      sweep: saving.text('sweep'),
    })),
    overdraft: readWholes(fields, 'overdraft', 100_000),
    holiday: within(fields, 'holiday', (holiday) => ({
      to: holiday.text('to'),
      reference: holiday.text('reference'),
      division: holiday.text('division'),
      months: months(holiday),
    })),
  };
}

function readChances(fields: Fields) {
  return {
    job: within(fields, 'job', (job) => ({
      lostPerYear: job.decimal('lostPerYear', 0, 4),
      monthsWithout: readWholes(job, 'monthsWithout', 24),
      support: within(job, 'support', (support) => ({
        from: support.text('from'),
        reference: support.text('reference'),
        share: support.decimal('share', 0, 1),
      })),
    })),
    arrival: within(fields, 'arrival', (arrival) => ({
      perYear: arrival.decimal('perYear', 0, 1),
      ages: { from: arrival.whole('from', 15, 60), to: arrival.whole('to', 15, 60) },
      months: readWholes(arrival, 'months', 36),
      first: readAmountOf(arrival, 'first'),
      perWeek: arrival.decimal('perWeek', 0, 7),
      category: arrival.text('category'),
      support: within(arrival, 'support', (support) => ({
        from: support.text('from'),
        amountMinor: support.amount('amount'),
        reference: support.text('reference'),
      })),
    })),
    surprises: each(fields, 'surprises', (surprise) => ({
      perYear: surprise.decimal('perYear', 0, 12),
      category: surprise.text('category'),
      amount: readAmountOf(surprise, 'amount'),
      housing: housings(surprise),
    })),
    abroad: within(fields, 'abroad', (abroad) => ({
      perYear: abroad.decimal('perYear', 0, 12),
      days: readWholes(abroad, 'days', 60),
      perDay: abroad.decimal('perDay', 0, 10),
      feeBps: abroad.basisPoints('feePercent'),
      places: abroad.objects('places').map(readPlace),
    })),
  };
}

function readSpending(fields: Fields) {
  return {
    bills: each(fields, 'bills', readBill),
    habits: within(fields, 'habits', readHabits),
    seasons: within(fields, 'seasons', readSeasons),
    notesMinor: within(fields, 'cash', (cash) =>
      cash.list('notes').map((note) => BigInt(Number(note)) * cash.minorPerUnit()),
    ),
    disputesPerMillion: fields.whole('disputesPerMillion', 0, 1_000_000),
  };
}

function readTown(fields: Fields): Town {
  const county = fields.optionalText('county');
  return {
    name: fields.text('name'),
    postCode: fields.text('postCode'),
    ...(county !== undefined && { county }),
    weight: fields.decimal('weight', 0, 1000),
    cost: fields.decimal('cost', 0.1, 10),
  };
}

function readHousehold(fields: Fields): Household {
  return {
    id: fields.text('id'),
    story: fields.text('story'),
    weight: fields.decimal('weight', 0, 1000),
    age: readWholes(fields, 'age', 110),
    size: readWholes(fields, 'size', 10),
    income: within(fields, 'income', (income) => ({
      kind: income.oneOf('kind', ['job', 'pension', 'benefit']),
      medianMinor: income.amount('median'),
      sigma: income.decimal('sigma', 0, 2),
    })),
    housing: within(fields, 'housing', (housing) => ({
      rent: housing.decimal('rent', 0, 100),
      mortgage: housing.decimal('mortgage', 0, 100),
      owner: housing.decimal('owner', 0, 100),
    })),
    savings: fields.decimal('savings', 0, 1),
    card: fields.decimal('card', 0, 1),
    overdraft: fields.decimal('overdraft', 0, 1),
    cashPerWeek: fields.decimal('cashPerWeek', 0, 7),
    likes: within(fields, 'likes', (likes) =>
      Object.fromEntries(likes.keys().map((category) => [category, likes.decimal(category, 0, 20)])),
    ),
  };
}

function readBill(fields: Fields): Bill {
  return {
    to: fields.texts('to', /./),
    reference: fields.text('reference'),
    division: fields.text('division'),
    monthlyMinor: fields.amount('monthly'),
    spread: fields.decimal('spread', 0, 2),
    perSize: fields.decimal('perSize', 0, 2),
    chance: fields.decimal('chance', 0, 1),
    ...(fields.has('season') && { season: readSeason(fields, 'season') }),
    ...(fields.has('months') && { months: months(fields) }),
    housing: fields.has('housing') ? housings(fields) : HOUSINGS,
    minSize: fields.has('minSize') ? fields.whole('minSize', 1, 10) : 1,
    maxAge: fields.has('maxAge') ? fields.whole('maxAge', 18, 110) : 110,
  };
}

function readHabits(fields: Fields): ReadonlyMap<string, Habit> {
  const read = (own: Fields): Habit => {
    const habit = {
      weekly: own.decimal('weekly', 0, 1000),
      growth: own.decimal('growth', 0, 5),
      byCard: own.has('byCard') && own.raw('byCard') === true,
    };
    own.end();
    return habit;
  };
  return new Map(fields.keys().map((category) => [category, read(fields.object(category))]));
}

function share(fields: Fields): Share {
  return { from: fields.decimal('from', 0, 1), to: fields.decimal('to', 0, 1) };
}

function months(fields: Fields): readonly number[] {
  const list = fields.list('months').map(Number);
  return list.every((one) => Number.isInteger(one) && one >= 1 && one <= 12)
    ? list
    : fields.fail('months', 'a list of numbers from 1 to 12');
}

function housings(fields: Fields): readonly Housing[] {
  const list = fields.texts('housing', /^(?:rent|mortgage|owner)$/);
  return HOUSINGS.filter((one) => list.includes(one));
}

function texts(fields: Fields, key: string): readonly string[] {
  return fields.list(key).length === 0 ? [] : fields.texts(key, /./);
}

function within<T>(fields: Fields, key: string, read: (own: Fields) => T): T {
  const own = fields.object(key);
  const value = read(own);
  own.end();
  return value;
}

function each<T>(fields: Fields, key: string, read: (own: Fields) => T): readonly T[] {
  return fields.objects(key).map((own) => {
    const value = read(own);
    own.end();
    return value;
  });
}
