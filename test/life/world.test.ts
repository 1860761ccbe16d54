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

  test('describe what is rare: a lost job, a child, a repair, a journey, a card that is not paid off', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fixtures-'));
    cpSync('fixtures', folder, { recursive: true });
    const path = join(folder, 'banks/bramble/personas/salaried-renter.yaml');
    const support = "support: { from: The Fund, amount: '500.00', reference: HELP }";
    const rare = [
      `{ kind: job, from: The Works, into: current, amount: '900.00', reference: PAY, when: { day: 28 }, lostPerYear: 0.1, monthsWithout: { from: 1, to: 3 }, ${support} }`,
      "{ kind: surprise, account: current, town: Leeds, category: home, perYear: 0.5, amount: { from: '90.00', to: '900.00' } }",
      `{ kind: arrival, account: current, town: Leeds, category: children, perYear: 0.1, months: { from: 6, to: 36 }, first: { from: '90.00', to: '190.00' }, perWeek: 1, floor: '0.00', ${support} }`,
      "{ kind: abroad, account: current, perYear: 1, days: { from: 3, to: 9 }, perDay: 1.5, floor: '0.00', feePercent: '2.75', places: [{ town: Oslo, currency: NOK, rate: 13.2, price: { from: '30.00', to: '900.00' }, merchants: [{ name: Fjordkro, categoryCode: '5812' }] }] }",
    ];
    writeFileSync(path, `${readFileSync(path, 'utf8').trimEnd()}\n${rare.map((rule) => `  - ${rule}\n`).join('')}`);
    const renter = loadWorld(folder).personas.find(({ bank, id }) => bank === 'bramble' && id === 'salaried-renter');
    expect(renter?.rules.slice(-4)).toMatchObject([
      { kind: 'job', lostPerYear: 0.1, support: { from: 'The Fund' } },
      { kind: 'surprise', amount: { toMinor: 90_000n } },
      { kind: 'arrival', perWeek: 1, floorMinor: 0n },
      { kind: 'abroad', feeBps: 275, places: [{ currency: 'NOK', rate: 132_000 }] },
    ]);
  });

  test.each(['GB', 'DE'])('say how customers of %s are drawn, and with which survey they compare', (country) => {
    const { habits, households, survey } = world.populationOf(country);
    const categories = world.merchants.get(country);
    for (const category of habits.keys()) expect([category, categories?.has(category)]).toEqual([category, true]);
    const codes = [...habits.keys()].flatMap(
      (name) => categories?.get(name)?.merchants.map((one) => one.categoryCode) ?? [],
    );
    expect(codes.filter((code) => !survey.byCode.has(code))).toEqual([]);
    expect(households.length).toBeGreaterThan(5);
    expect(survey.source).toMatch(/20\d\d/);
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
    [
      'a job that is lost more often than it is found',
      RENTER,
      'kind: income, code: salary,',
      "kind: job, lostPerYear: 5, monthsWithout: { from: 1, to: 3 }, support: { from: The Fund, amount: '500.00', reference: HELP },",
      'life[0].lostPerYear',
    ],
    [
      'a season of eleven months',
      RENTER,
      'reference: WATER,',
      'reference: WATER, season: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],',
      'season',
    ],
    [
      'seasons of shops that are not there',
      RENTER,
      "comfort: '620.00'",
      "comfort: '620.00'\n    seasons: { cofee: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] }",
      'life[11].seasons.cofee',
    ],
    [
      'a surprise in an unknown category',
      RENTER,
      'life:',
      "life:\n  - { kind: surprise, account: current, town: Leeds, category: dragons, perYear: 1, amount: '90.00' }",
      'life[0].category',
    ],
    [
      'a journey to nowhere',
      RENTER,
      'life:',
      "life:\n  - { kind: abroad, account: current, perYear: 1, days: { from: 5, to: 3 }, perDay: 1, floor: '0.00', feePercent: '2.75', places: [] }",
      'days.to',
    ],
    [
      'a card of which nothing is paid',
      'banks/bramble/personas/family-with-mortgage.yaml',
      'card: card, when',
      'card: card, share: 0, when',
      'share',
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
