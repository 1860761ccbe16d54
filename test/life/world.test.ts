import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { SandbankError } from '../../src/kernel/index.js';
import { loadWorld } from '../../src/life/index.js';

/** The error that the fixtures give after one change to one file. */
function errorAfter(file: string, from: string | RegExp, to: string): SandbankError | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'fixtures-'));
  cpSync('fixtures', folder, { recursive: true });
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  try {
    loadWorld(folder);
  } catch (error) {
    if (error instanceof SandbankError) return error;
    throw error;
  }
  return undefined;
}

describe('fixtures', () => {
  const world = loadWorld('fixtures');

  test.each([
    ['GB', 'bramble', { currency: 'GBP', sortCode: '040506' }],
    ['DE', 'dogger', { currency: 'EUR', bankCode: '90040050', bic: 'DGGRDEFFXXX' }],
  ])('hold in %s a bank, personas of eight kinds and eighty or more merchants', (country, bank, profile) => {
    const categories = [...(world.merchants.get(country)?.values() ?? [])];
    const names = categories.flatMap(({ merchants }) => merchants.map(({ name }) => name));
    expect(names.length).toBeGreaterThanOrEqual(80);
    expect(new Set(names).size).toBe(names.length);
    expect(world.personas.filter((persona) => persona.bank === bank).map(({ id }) => id)).toEqual([
      'family-with-mortgage',
      'freelancer',
      'joint-couple',
      'new-empty-account',
      'pensioner',
      'salaried-renter',
      'small-company',
      'student-in-overdraft',
    ]);
    expect(world.banks.find(({ profile: { id } }) => id === bank)?.profile).toMatchObject({ country, ...profile });
  });

  test('say which standards a bank speaks, in which languages, and how it counts interest', () => {
    expect(world.banks.map(({ standards, languages, interest }) => [standards, languages, interest])).toEqual([
      [['uk-obie/4.0'], ['en'], { daysAYear: 365, months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }],
      [['berlin-group/1.3'], ['de', 'en'], { daysAYear: 360, months: [1, 4, 7, 10] }],
    ]);
  });

  test('send nobody shopping where no shop is near', () => {
    for (const { bank, id, rules } of world.personas) {
      const { country } = world.banks.find(({ profile }) => profile.id === bank)!.profile;
      for (const rule of rules) {
        if (rule.kind !== 'spending') continue;
        for (const category of Object.keys(rule.habits)) {
          const near = world.merchants
            .get(country)
            ?.get(category)
            ?.merchants.some(({ towns }) => towns.length === 0 || towns.includes(rule.town));
          expect([bank, id, category, near]).toEqual([bank, id, category, true]);
        }
      }
    }
  });

  test('write names of the country in whole characters', () => {
    const names = world.personas.flatMap(({ people }) => people.map(({ name }) => name));
    expect(names).toEqual(expect.arrayContaining(['Jörg Schäfer', 'Dr. Ayşe Yılmaz', 'Insa Ölrichs', 'Jonas Weiß']));
    for (const name of names) expect([name, name.normalize('NFC')]).toEqual([name, name]);
    expect(names.join('')).not.toMatch(/[\u0080-\u00bf\ufffd]/);
  });

  const RENTER = 'banks/bramble/personas/salaried-renter.yaml';
  const DOGGER = 'banks/dogger/bank.yaml';
  test.each([
    ['an unknown key', RENTER, 'story:', 'plot:', 'story'],
    ['a key too many', RENTER, 'id: salaried-renter', 'id: salaried-renter\nmood: sunny', 'mood'],
    ['an amount that is no quoted decimal', RENTER, "limit: '250.00'", 'limit: 250', 'accounts[0].limit'],
    ['an unknown rule', RENTER, 'kind: income', 'kind: lottery', 'life[0].kind'],
    ['an unknown account', RENTER, 'into: current', 'into: purse', 'life[0].into'],
    [
      'an account of somebody who is not there',
      RENTER,
      'student-in-overdraft/current',
      'student/current',
      'life[10].to',
    ],
    ['an unknown product', RENTER, 'product: saver', 'product: mattress', 'accounts[1].product'],
    ['an unknown category of merchants', RENTER, 'coffee: 4.5', 'cofee: 4.5', 'life[11].habits.cofee'],
    [
      'a customer number that somebody else has',
      'banks/bramble/personas/student-in-overdraft.yaml',
      "'10000002'",
      "'10000001'",
      'login.customerNumber',
    ],
    ['a mail address that may exist', RENTER, 'mail.example', 'mail.com', 'people[0].email'],
    [
      'more signatories than holders',
      'banks/bramble/personas/small-company.yaml',
      'required: 2',
      'required: 4',
      'accounts[0].signatories',
    ],
    ['a holder who is not in the file', RENTER, 'person: amelia', 'person: amy', 'accounts'],
    ['a name that differs from the file', RENTER, 'id: salaried-renter', 'id: renter', 'id'],
    ['a wrong category code', 'merchants/gb/coffee.yaml', "'5814'", "'58140'", 'categoryCode'],
    ['hours that end before they begin', 'merchants/gb/coffee.yaml', 'from: 7, to: 17', 'from: 17, to: 7', 'hours.to'],
    ['a colour that is none', 'banks/bramble/bank.yaml', "'#5b2a6e'", 'purple', 'brand.brand'],
    ['a bank without standards', DOGGER, '[berlin-group/1.3]', '[]', 'standards'],
    ['a standard without a version', DOGGER, 'berlin-group/1.3', 'berlin-group', 'standards'],
    ['a language in which no statement is written', DOGGER, '[de, en]', '[nl, en]', 'languages'],
    ['a country of which nothing is known', DOGGER, 'country: DE', 'country: NL', 'country'],
    ['a currency that the shops do not take', DOGGER, 'currency: EUR', 'currency: GBP', 'currency'],
    ['a bank code of seven digits', DOGGER, "'90040050'", "'9004005'", 'bankCode'],
    ['a bank in the folder of another', DOGGER, 'id: dogger', 'id: doggerland', 'id'],
    [
      'a mobile number that may exist',
      'banks/dogger/personas/freelancer.yaml',
      '+4917604069005',
      '+4917104069005',
      'people[0].mobile',
    ],
    ['no YAML at all', RENTER, 'life:', 'life: [', ''],
  ])('refuse %s, naming file and key', (...row) => {
    const [, file, from, to, key] = row;
    const error = errorAfter(file, from, to);
    expect(error?.code).toBe('configuration.invalid');
    expect(error?.message).toContain(file);
    expect(error?.details.path).toContain(key);
  });
});
