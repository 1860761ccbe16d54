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
  test('hold a bank, nine or more personas of eight kinds, and eighty or more merchants', () => {
    const world = loadWorld('fixtures');
    const names = [...world.merchants.values()].flatMap(({ merchants }) => merchants.map(({ name }) => name));
    expect(names.length).toBeGreaterThanOrEqual(80);
    expect(new Set(names).size).toBe(names.length);
    expect(world.personas.map(({ id }) => id)).toEqual([
      'family-with-mortgage',
      'freelancer',
      'joint-couple',
      'new-empty-account',
      'pensioner',
      'salaried-renter',
      'small-company',
      'student-in-overdraft',
    ]);
    expect(world.banks[0]?.profile).toMatchObject({ id: 'bramble', currency: 'GBP', sortCode: '040506' });
  });

  const RENTER = 'personas/salaried-renter.yaml';
  test.each([
    ['an unknown key', RENTER, 'story:', 'plot:', 'story'],
    ['a key too many', RENTER, 'bank: bramble', 'bank: bramble\nmood: sunny', 'mood'],
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
      'personas/student-in-overdraft.yaml',
      "'10000002'",
      "'10000001'",
      'login.customerNumber',
    ],
    ['a mail address that may exist', RENTER, 'mail.example', 'mail.com', 'people[0].email'],
    ['a holder who is not in the file', RENTER, 'person: amelia', 'person: amy', 'accounts'],
    ['a name that differs from the file', RENTER, 'id: salaried-renter', 'id: renter', 'id'],
    ['a wrong category code', 'merchants/coffee.yaml', "'5814'", "'58140'", 'categoryCode'],
    ['hours that end before they begin', 'merchants/coffee.yaml', 'from: 7, to: 17', 'from: 17, to: 7', 'hours.to'],
    ['a colour that is none', 'banks/bramble/bank.yaml', "'#5b2a6e'", 'purple', 'brand.brand'],
    ['no YAML at all', RENTER, 'life:', 'life: [', ''],
  ])('refuse %s, naming file and key', (...row) => {
    const [, file, from, to, key] = row;
    const error = errorAfter(file, from, to);
    expect(error?.code).toBe('configuration.invalid');
    expect(error?.message).toContain(file);
    expect(error?.details.path).toContain(key);
  });
});
