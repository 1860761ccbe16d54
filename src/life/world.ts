import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { ReferenceRates } from '../bank/index.js';
import { assert, SandbankError, type Currency } from '../kernel/index.js';
import { readBankFile, type BankFile } from './bank-file.js';
import { countryOf, type Country } from './countries.js';
import { readExchangeRates } from './exchange-rates.js';
import { readFixture, type Fields } from './fixture-fields.js';
import { readMerchantCategory, type MerchantCategory } from './merchants.js';
import { readPersona, type Persona } from './persona.js';
import { readPopulation, type Population } from './population/population-file.js';
import type { Rule } from './rules.js';

/** Everything that fixtures say: banks, people and merchants, in the order of their file names. */
export interface World {
  readonly banks: readonly BankFile[];
  readonly personas: readonly Persona[];
  /** By country of the banks (`GB`), then by category. */
  readonly merchants: ReadonlyMap<string, Merchants>;
  /** At which its banks exchange money. */
  readonly rates: Omit<ReferenceRates, 'seed'>;
  /** How more customers of a country are drawn. Read when somebody asks. Throws where there is no file. */
  populationOf(country: string): Population;
}

export type Merchants = ReadonlyMap<string, MerchantCategory>;

/**
 * Reads and checks a folder with `exchange-rates.yaml`, `banks/<id>/bank.yaml`, `banks/<id>/personas/*.yaml` and `merchants/<country>/*.yaml`.
 * Throws `configuration.invalid` naming the file and the key.
 */
export function loadWorld(fixturesDir: string, parse?: (text: string) => unknown): World {
  const open = (shownAs: string, currency?: Currency): Fields =>
    readFixture({
      path: join(fixturesDir, shownAs),
      shownAs,
      ...(currency !== undefined && { currency }),
      ...(parse && { parse }),
    });
  const banks = namesIn(fixturesDir, 'banks').map((id) => readBankFile(open(`banks/${id}/bank.yaml`), id));
  const merchants = new Map<string, Merchants>();
  for (const code of new Set(banks.map(({ profile }) => profile.country))) {
    const folder = `merchants/${code.toLowerCase()}`;
    const categories = yamlsIn(fixturesDir, folder).map((name) =>
      readMerchantCategory(open(`${folder}/${name}.yaml`, customsOf(code).currency)),
    );
    merchants.set(code, new Map(categories.map((category) => [category.category, category])));
  }
  const personas = banks.flatMap(({ profile }) =>
    yamlsIn(fixturesDir, `banks/${profile.id}/personas`).map((id) =>
      readPersona(open(personaFile({ id, bank: profile.id }), profile.currency), {
        id,
        bank: profile.id,
        country: customsOf(profile.country),
      }),
    ),
  );
  const rates = readExchangeRates(open('exchange-rates.yaml'));
  const world = { banks, personas, merchants, rates, populationOf: populations(fixturesDir) };
  for (const persona of personas) checkReferences(world, persona);
  checkLogins(personas);
  return world;
}

function populations(fixturesDir: string): World['populationOf'] {
  const known = new Map<string, Population>();
  return (country) => {
    const population = known.get(country) ?? readPopulation(fixturesDir, country);
    known.set(country, population);
    return population;
  };
}

function namesIn(fixturesDir: string, folder: string): readonly string[] {
  try {
    return readdirSync(join(fixturesDir, folder)).sort();
  } catch (error) {
    throw new SandbankError(
      'configuration.invalid',
      `The fixtures have no folder ${folder}.`,
      { path: folder },
      { cause: error },
    );
  }
}

/** Names without their ending. */
function yamlsIn(fixturesDir: string, folder: string): readonly string[] {
  const files = namesIn(fixturesDir, folder).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => file.slice(0, -'.yaml'.length));
}

function personaFile({ id, bank }: Pick<Persona, 'id' | 'bank'>): string {
  return `banks/${bank}/personas/${id}.yaml`;
}

/** The reader of bank files has seen to it that there are some. */
function customsOf(code: string): Country {
  const country = countryOf(code);
  assert(country, `customs of ${code}`);
  return country;
}

export function bankFileOf(world: World, bankId: string): BankFile {
  const file = world.banks.find(({ profile }) => profile.id === bankId);
  assert(file, `a file of the bank ${bankId}`);
  return file;
}

export function personasOf(world: World, bankId: string): readonly Persona[] {
  return world.personas.filter(({ bank }) => bank === bankId);
}

/** Where customers of a bank shop. */
export function merchantsOf(world: World, { profile }: BankFile): Merchants {
  const merchants = world.merchants.get(profile.country);
  assert(merchants, `merchants in ${profile.country}`);
  return merchants;
}

function refuse(persona: Persona, key: string, expected: string): never {
  const file = personaFile(persona);
  throw new SandbankError('configuration.invalid', `${file}: ${key} must be ${expected}.`, {
    path: `${file}: ${key}`,
    expected,
  });
}

function checkReferences(world: World, persona: Persona): void {
  const bank = bankFileOf(world, persona.bank);
  for (const [index, { product }] of persona.accounts.entries()) {
    if (!bank.products.some(({ id }) => id === product)) {
      refuse(persona, `accounts[${index}].product`, `a product of ${persona.bank}, which ${product} is not`);
    }
  }
  for (const [index, rule] of persona.rules.entries()) checkRule(world, persona, { rule, at: `life[${index}]` });
}

function checkRule(world: World, persona: Persona, { rule, at }: { readonly rule: Rule; readonly at: string }): void {
  for (const [key, account] of ownAccounts(rule)) {
    if (!persona.accounts.some((one) => one.key === account)) {
      refuse(persona, `${at}.${key}`, `the key of an account of this file, which ${account} is not`);
    }
  }
  for (const [key, account] of anyAccounts(rule)) {
    if (!accountExists(world, persona, account)) {
      refuse(
        persona,
        `${at}.${key}`,
        `an account of this file or persona/account of this bank, which ${account} is not`,
      );
    }
  }
  const merchants = merchantsOf(world, bankFileOf(world, persona.bank));
  for (const [key, category] of categoriesOf(rule)) {
    if (!merchants.has(category)) refuse(persona, `${at}.${key}`, `one of ${[...merchants.keys()].join(', ')}`);
  }
}

/** Keys of a rule with the categories of merchants that they name. */
function categoriesOf(rule: Rule): readonly (readonly [string, string])[] {
  if (rule.kind === 'surprise' || rule.kind === 'arrival') return [['category', rule.category]];
  if (rule.kind !== 'spending') return [];
  const named = (key: string, categories: object) =>
    Object.keys(categories).map((one) => [`${key}.${one}`, one] as const);
  return [...named('habits', rule.habits), ...named('seasons', rule.seasons ?? {})];
}

/** Keys of a rule that name an account of the persona itself. */
function ownAccounts(rule: Rule): readonly (readonly [string, string])[] {
  switch (rule.kind) {
    case 'income':
    case 'invoices':
    case 'job':
      return [['into', rule.into]];
    case 'bill':
    case 'transfer':
    case 'sweep':
    case 'payroll':
      return [['from', rule.from]];
    case 'mortgage':
      return [
        ['from', rule.from],
        ['loan', rule.loan],
      ];
    case 'card-settlement':
      return [
        ['from', rule.from],
        ['card', rule.card],
      ];
    case 'spending':
    case 'cash':
    case 'surprise':
    case 'arrival':
    case 'abroad':
      return [['account', rule.account]];
  }
}

function anyAccounts(rule: Rule): readonly (readonly [string, string])[] {
  if (rule.kind === 'transfer') return [['to', rule.to]];
  if (rule.kind !== 'payroll') return [];
  return rule.employees.flatMap(({ to }, index) => (to === undefined ? [] : [[`employees[${index}].to`, to] as const]));
}

function accountExists(world: World, persona: Persona, name: string): boolean {
  const [owner, key] = name.includes('/') ? name.split('/') : [persona.id, name];
  const holder = personasOf(world, persona.bank).find(({ id }) => id === owner);
  return holder?.accounts.some((account) => account.key === key) ?? false;
}

function checkLogins(personas: readonly Persona[]): void {
  const seen = new Set<string>();
  for (const persona of personas) {
    for (const [index, { login }] of persona.people.entries()) {
      const name = `${persona.bank}/${login.customerNumber}`;
      if (seen.has(name)) refuse(persona, `people[${index}].login.customerNumber`, 'a number that nobody else has');
      seen.add(name);
    }
  }
}
