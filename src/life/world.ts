import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { SandbankError } from '../kernel/index.js';
import { readBankFile, type BankFile } from './bank-file.js';
import { readFixture, type Fields } from './fixture-fields.js';
import { readMerchantCategory, type MerchantCategory } from './merchants.js';
import { readPersona, type Persona } from './persona.js';
import type { Rule } from './rules.js';

/** Everything that fixtures say: banks, people and merchants, in the order of their file names. */
export interface World {
  readonly banks: readonly BankFile[];
  readonly personas: readonly Persona[];
  readonly merchants: ReadonlyMap<string, MerchantCategory>;
}

/**
 * Reads and checks a folder with `banks/<id>/bank.yaml`, `personas/*.yaml` and `merchants/*.yaml`. Throws
 * `configuration.invalid` naming the file and the key.
 */
export function loadWorld(fixturesDir: string): World {
  const folder = (name: string): readonly string[] => {
    try {
      return readdirSync(join(fixturesDir, name)).sort();
    } catch (error) {
      throw new SandbankError(
        'configuration.invalid',
        `The fixtures have no folder ${name}.`,
        { path: name },
        { cause: error },
      );
    }
  };
  const yamls = (name: string): readonly string[] => folder(name).filter((file) => file.endsWith('.yaml'));
  const open = (shownAs: string): Fields => readFixture(join(fixturesDir, shownAs), shownAs);
  const banks = folder('banks').map((id) => readBankFile(open(`banks/${id}/bank.yaml`)));
  const merchants = new Map(
    yamls('merchants')
      .map((file) => readMerchantCategory(open(`merchants/${file}`)))
      .map((category) => [category.category, category] as const),
  );
  const personas = yamls('personas').map((file) =>
    readPersona(open(`personas/${file}`), file.slice(0, -'.yaml'.length)),
  );
  const world = { banks, personas, merchants };
  for (const persona of personas) checkReferences(world, persona);
  checkLogins(personas);
  return world;
}

function refuse(persona: Persona, key: string, expected: string): never {
  const file = `personas/${persona.id}.yaml`;
  throw new SandbankError('configuration.invalid', `${file}: ${key} must be ${expected}.`, {
    path: `${file}: ${key}`,
    expected,
  });
}

function checkReferences(world: World, persona: Persona): void {
  const bank = world.banks.find(({ profile }) => profile.id === persona.bank);
  if (!bank) refuse(persona, 'bank', `one of ${world.banks.map(({ profile }) => profile.id).join(', ')}`);
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
  if (rule.kind !== 'spending') return;
  for (const category of Object.keys(rule.habits)) {
    if (!world.merchants.has(category))
      refuse(persona, `${at}.habits.${category}`, `one of ${[...world.merchants.keys()].join(', ')}`);
  }
}

/** Keys of a rule that name an account of the persona itself. */
function ownAccounts(rule: Rule): readonly (readonly [string, string])[] {
  switch (rule.kind) {
    case 'income':
    case 'invoices':
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
  const holder = world.personas.find(({ id, bank }) => id === owner && bank === persona.bank);
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
