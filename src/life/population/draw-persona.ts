import { minorPerUnit } from '../fixture-fields.js';
import type { Persona, PersonaAccount, PersonaParty } from '../persona.js';
import type { Rule } from '../rules.js';
import type { Random } from '../../kernel/index.js';
import { between, minor, rounded, spread, weighted } from './draw.js';
import { drawBills } from './draw-bills.js';
import { drawSpending } from './draw-spending.js';
import type { Circumstances, Drawing } from './circumstances.js';
import type { Population } from './population-file.js';

/** Numbers of drawn customers begin here: those of personas in files are far below. */
const FIRST_NUMBER = 50_000_000;

/** One household of the country, with one person who banks here. The same number is always the same household. */
export function drawPersona(drawing: Drawing, number: number, root: Random): Persona {
  const random = root.fork(`persona/${String(number)}`);
  const own = drawCircumstances(drawing, random);
  const person = drawPerson(own, number);
  const bills = drawBills(own);
  return {
    id: `g${String(number)}`,
    bank: drawing.bank,
    story: `${person.name} of ${own.town.name}, ${String(own.age)}, ${own.household.story}.`,
    people: [person],
    accounts: drawAccounts(own, { person, loanMinor: bills.loanMinor }),
    rules: [...drawMeans(own), ...bills.rules, ...drawSpending(own, bills.spentMinor)],
  };
}

export function customerNumberOf(number: number): string {
  return String(FIRST_NUMBER + number);
}

function drawCircumstances(drawing: Drawing, random: Random): Circumstances {
  const { population, country } = drawing;
  const household = weighted(population.households, random);
  const town = weighted(population.towns, random);
  const housings = (['rent', 'mortgage', 'owner'] as const).map((kind) => ({ kind, weight: household.housing[kind] }));
  const size = random.int(household.size.from, household.size.to);
  const { medianMinor, sigma } = household.income;
  const income = Number(medianMinor) * town.cost * spread(sigma, random);
  const usual = usualIncome(population);
  const unit = Number(minorPerUnit(country.currency));
  const hasOverdraft = random.chance(household.overdraft);
  return {
    ...drawing,
    random,
    household,
    town,
    housing: weighted(housings, random).kind,
    age: random.int(household.age.from, household.age.to),
    size,
    income,
    wealth: income / usual,
    has: { savings: random.chance(household.savings), card: random.chance(household.card), overdraft: hasOverdraft },
    limit: hasOverdraft ? Number(rounded(between(population.overdraft, random) * unit, 50 * unit)) : 0,
  };
}

function usualIncome({ households }: Population): number {
  const total = households.reduce((sum, { weight }) => sum + weight, 0);
  return households.reduce((sum, { weight, income }) => sum + weight * Number(income.medianMinor), 0) / total;
}

function drawPerson({ population, country, random, town }: Circumstances, number: number): PersonaParty {
  const { names } = country;
  names.seed(random.int(1, 0x7fff_ffff));
  const sex = random.chance(0.5) ? 'female' : 'male';
  const [first, second, last] = [names.person.firstName(sex), names.person.firstName(sex), names.person.lastName()];
  const titles = population.titles[sex];
  const title = titles.length > 0 ? `${random.pick(titles)} ` : '';
  const called = `${title}${first} ${last}`;
  return {
    key: 'self',
    kind: 'person',
    name: called,
    fullLegalName: `${first} ${second} ${last}`,
    email: `${mailName(first)}.${mailName(last)}.${String(number)}@${population.mail}`,
    mobile: country.mobile.draw(random.int(0, 999_999)),
    address: {
      buildingNumber: String(random.int(1, 180)),
      streetName: random.pick(population.streets),
      townName: town.name,
      postCode: country.postCode(town.postCode, random.int(0, 999_999)),
      ...(town.county !== undefined && { countrySubDivision: town.county }),
      country: population.country,
    },
    login: { customerNumber: customerNumberOf(number), password: population.password },
  };
}

function mailName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '');
}

function drawAccounts(
  { population, random, income, has, household, limit, wealth }: Circumstances,
  { person, loanMinor }: { readonly person: PersonaParty; readonly loanMinor: bigint },
): readonly PersonaAccount[] {
  const holderName = holderOf(person, population.titles.holder);
  const account = (key: string, more: Partial<PersonaAccount> & Pick<PersonaAccount, 'product'>): PersonaAccount => ({
    key,
    holderName,
    holders: [{ person: person.key, role: 'sole' }],
    limitMinor: 0n,
    openingBalanceMinor: 0n,
    opened: 'history',
    ...more,
  });
  const { products } = population;
  const cardLimit = rounded(income * between({ from: 0.8, to: 2.2 }, random), 10_000);
  const saved = minor(income * 1.6 * wealth * spread(1.1, random) * (household.income.kind === 'pension' ? 3 : 1));
  return [
    account('current', {
      product: products.current,
      limitMinor: BigInt(limit),
      openingBalanceMinor: minor(income * between({ from: 0.15, to: 0.6 }, random)),
    }),
    ...(has.savings ? [account('savings', { product: products.savings, openingBalanceMinor: saved })] : []),
    ...(has.card ? [account('card', { product: products.card, limitMinor: cardLimit })] : []),
    ...(loanMinor > 0n
      ? [account('mortgage', { product: products.mortgage, limitMinor: loanMinor, openingBalanceMinor: -loanMinor })]
      : []),
  ];
}

function holderOf({ name, fullLegalName }: PersonaParty, style: 'initials' | 'name'): string {
  if (style === 'name') return name;
  const title = name.split(' ')[0] ?? '';
  const [first = '', second = '', ...last] = fullLegalName.split(' ');
  return `${title} ${first.slice(0, 1)} ${second.slice(0, 1)} ${last.join(' ')}`.toUpperCase();
}

/** What comes in. */
function drawMeans({ population, household, income, random, age, town }: Circumstances): readonly Rule[] {
  const { wages, job, arrival } = population;
  const pay = weighted(population.pay, random);
  const { kind } = household.income;
  const paid = minor((income * 12) / pay.perYear);
  const amount = { fromMinor: paid, toMinor: random.chance(0.3) ? minor(Number(paid) * 1.12) : paid };
  const support = minor((income * job.support.share * 12) / pay.perYear);
  const means: Rule =
    kind === 'job'
      ? {
          kind: 'job',
          from: random.pick(population.employers),
          into: 'current',
          amount,
          reference: wages.reference,
          when: pay.when,
          lostPerYear: job.lostPerYear,
          monthsWithout: job.monthsWithout,
          support: {
            from: job.support.from,
            amount: { fromMinor: support, toMinor: support },
            reference: job.support.reference,
          },
        }
      : {
          kind: 'income',
          code: kind,
          from: kind === 'pension' ? wages.pensionFrom : wages.benefitFrom,
          into: 'current',
          amount: { fromMinor: paid, toMinor: paid },
          reference: kind === 'pension' ? wages.pension : wages.benefit,
          when: pay.when,
        };
  if (age < arrival.ages.from || age > arrival.ages.to) return [means];
  const { from, amountMinor, reference } = arrival.support;
  const amountOfSupport = { fromMinor: amountMinor, toMinor: amountMinor };
  return [
    means,
    {
      kind: 'arrival',
      account: 'current',
      town: town.name,
      category: arrival.category,
      perYear: arrival.perYear,
      months: arrival.months,
      first: arrival.first,
      perWeek: arrival.perWeek,
      floorMinor: 0n,
      support: { from, amount: amountOfSupport, reference },
    },
  ];
}
